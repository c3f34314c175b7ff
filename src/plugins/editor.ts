/** The plugin of the pages on which specifications are written, and of the commands that open them. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { Notification, WidgetTracker } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { IStateDB } from '@jupyterlab/statedb';
import { UUID } from '@lumino/coreutils';
import { Debouncer } from '@lumino/polling';
import { addEditorCommands } from '../commands';
import type { IDraft } from '../model';
import { EditorModel, readDraft, writeDraft } from '../model';
import { Projects } from '../model/machine';
import { CommandIDs } from '../tokens';
import { EditorWidget } from '../widgets';
import { ICore } from './core';

const PLUGIN_ID = 'conda-store-labext:editor';

/** Milliseconds without a change before a draft is kept. */
const SAVE_DELAY = 500;

export const editorPlugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'Creates, edits, clones, imports and exports environments.',
  autoStart: true,
  requires: [ICore, IEditorServices],
  // Notebook's main area holds one thing only, so that there is no page in it.
  optional: [ILabShell, IFileBrowserFactory, ILayoutRestorer, IStateDB],
  activate: (
    app: JupyterFrontEnd,
    core: ICore,
    editors: IEditorServices,
    labShell: ILabShell | null,
    fileBrowsers: IFileBrowserFactory | null,
    restorer: ILayoutRestorer | null,
    stateDB: IStateDB | null
  ): void => {
    if (!labShell) {
      return;
    }
    const { commands } = app;
    const { api, model, opener, trans } = core;
    const tracker = new WidgetTracker<EditorWidget>({
      namespace: 'conda-store-editor'
    });

    const projects = new Projects({
      api: core.providersApi,
      build: id => api.build(id),
      follow: build => model.running.follow(build),
      ended: model.running.ended,
      state: stateDB,
      done: (name, file) => {
        Notification.success(
          trans.__(
            'New notebooks of the project start on %1, as %2 says now.',
            name,
            file
          ),
          { autoClose: 10000 }
        );
      },
      failed: ({ message }) => {
        Notification.error(message, { autoClose: false });
      }
    });
    void app.restored.then(() => projects.resume());

    const add = (draft: Partial<IDraft>, id: string) => {
      const namespace =
        draft.namespace || core.settings.current.defaultNamespace;
      const editor = new EditorModel({
        api,
        trans,
        draft: { ...draft, namespace },
        built: build => {
          const { shared } = editor.draft;
          if (shared) {
            void projects.add(build, shared);
          }
          void model.refresh();
        },
        ended: model.running.ended
      });
      const widget = new EditorWidget(
        {
          model: editor,
          editors: editors.factoryService,
          commands
        },
        trans
      );
      widget.id = id;
      if (stateDB) {
        keep(widget, stateDB);
      }
      void tracker.add(widget);
      labShell.add(widget, 'main', { type: 'Conda-store' });
      labShell.activateById(widget.id);
      void editor.load();
    };

    addEditorCommands({
      app,
      api,
      model,
      opener,
      trans,
      fileBrowsers,
      open: draft => {
        const { namespace, environment } = draft;
        const old =
          environment &&
          tracker.find(
            ({ model: { draft: other } }) =>
              other.namespace === namespace && other.environment === environment
          );
        if (old) {
          labShell.activateById(old.id);
        } else {
          add(draft, `conda-store-editor-${UUID.uuid4()}`);
        }
      },
      reopen: async id => {
        const draft = readDraft(await stateDB?.fetch(keyOf(id)));
        if (draft) {
          add(draft, id);
        }
      }
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.newEnvironment,
      args: ({ id }) => ({ kept: id }),
      name: ({ id }) => id
    });
  }
};

/** Keep what is written on a page as long as the page is there, so that a reload loses nothing. */
function keep(widget: EditorWidget, stateDB: IStateDB): void {
  const { model } = widget;
  const key = keyOf(widget.id);
  let last: IDraft | null = null;
  const saving = new Debouncer(async () => {
    if (!model.isDisposed && model.draft !== last) {
      last = model.draft;
      await stateDB.save(key, writeDraft(last));
    }
  }, SAVE_DELAY);
  model.stateChanged.connect(() => {
    saving.invoke().catch(() => {
      // A later change took this one's place.
    });
  });
  widget.disposed.connect(() => {
    saving.dispose();
    void stateDB.remove(key);
  });
}

function keyOf(id: string): string {
  return `${PLUGIN_ID}:${id}`;
}
