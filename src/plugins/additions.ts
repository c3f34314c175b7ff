/** The packages added in notebooks: the toolbar's item, the offer for a missing module, and its outcome. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { AdditionsApi } from '../api/additions';
import { attempt } from '../api/request';
import { messagesFrom } from '../api/routes';
import type {
  AdditionsAction,
  IModuleActions,
  NotebookBuild
} from '../notebook';
import {
  AdditionsItem,
  MissingModules,
  NotebookAdditions,
  Questions,
  sayShadowing
} from '../notebook';
import { CommandIDs } from '../tokens';

const ITEM = 'conda-store-additions';

/** The beginning of a block of requirements (PEP 723). */
const BLOCK = '# /// script';

/** The additions of all notebooks. */
export class NotebooksAdditions {
  /**
   * @param current - Says which notebook is looked at.
   * @param _restart - Asks whether a notebook's kernel may be restarted, and does so.
   */
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _trans: TranslationBundle,
    current: () => NotebookPanel | null,
    private readonly _restart: (panel: NotebookPanel) => void
  ) {
    const entry = () => this._panels.get(current()?.content as Notebook);
    _app.commands.addCommand(CommandIDs.writeRequirements, {
      label: this._trans.__('Write Added Packages into the Notebook'),
      caption: this._trans.__(
        'Name them in a cell of the notebook (PEP 723), as juv, marimo and uv read it'
      ),
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => !!entry()?.additions.requested.length,
      execute: async () => {
        const chosen = entry();
        if (chosen) {
          await attempt(notify, () => this._write(chosen));
        }
      }
    });
    const { serverSettings } = _app.serviceManager;
    this._api = new AdditionsApi(serverSettings, messagesFrom(_trans));
    new MissingModules(this._api, _trans, notebook =>
      this._moduleActions(notebook)
    );
  }

  /** Show what is added in a notebook. */
  follow(
    panel: NotebookPanel,
    build: NotebookBuild,
    wanted: (packages: string[]) => void
  ): void {
    const questions = new Questions(this._trans);
    const additions = new NotebookAdditions(
      build,
      this._api,
      this._trans,
      message => questions.hidePackages(message)
    );
    additions.wanted.connect((_, packages) => wanted(packages));
    additions.shadowing.connect((_, shadowing) =>
      sayShadowing(panel, shadowing, this._trans, () => this._restart(panel))
    );
    this._panels.set(panel.content, { panel, additions });
    this._builds.set(build, additions);
    const act = (action: AdditionsAction) =>
      void attempt(notify, () => this._act(panel, additions, action));
    const item = new AdditionsItem(additions, act, this._trans);
    if (!panel.toolbar.insertAfter('conda-store-build', ITEM, item)) {
      panel.toolbar.addItem(ITEM, item);
    }
    panel.disposed.connect(() => item.dispose());
  }

  /**
   * Add packages beside the build that a notebook runs on.
   *
   * @throws CondaStoreError
   */
  async install(build: NotebookBuild, packages: string[]): Promise<void> {
    await this._builds.get(build)?.install(packages);
    Notification.success(
      this._trans.__('Added beside the environment: %1.', packages.join(', ')),
      { autoClose: 5000 }
    );
  }

  private async _act(
    panel: NotebookPanel,
    additions: NotebookAdditions,
    action: AdditionsAction
  ): Promise<void> {
    const { list } = additions;
    if (action === 'keep') {
      await additions.keep(!list?.kept_for);
    } else if (action === 'discard') {
      await additions.discard();
      Notification.info(
        this._trans.__(
          'The packages are gone. What the kernel has imported stays until it is restarted.'
        )
      );
    } else if (action === 'writeBack') {
      await this._app.commands.execute(CommandIDs.writeBack, {
        path: panel.context.localPath,
        additions: list?.key ?? ''
      });
    } else {
      await this._promote(additions, []);
    }
  }

  /** Name what was added in the notebook's block, in a hidden first cell where there is none. */
  private async _write({ panel, additions }: IEntry): Promise<void> {
    const shared = panel.content.model?.sharedModel;
    const packages = additions.requested
      .filter(({ manager }) => manager !== 'r')
      .map(({ name, version }) => `${name}==${version}`);
    if (!shared || !packages.length) {
      return;
    }
    const cell = shared.cells.find(
      ({ cell_type, source }) => cell_type === 'code' && source.includes(BLOCK)
    );
    const source = await this._api.withBlock(cell?.source ?? '', packages);
    if (cell) {
      cell.setSource(source);
    } else {
      const metadata = { jupyter: { source_hidden: true } };
      shared.insertCell(0, { cell_type: 'code', metadata, source });
    }
    Notification.success(
      this._trans.__('The notebook names %1.', packages.join(', ')),
      { autoClose: 5000 }
    );
  }

  /** Open the specification with what was added, for people to look at and build. */
  private async _promote(
    additions: NotebookAdditions,
    packages: string[]
  ): Promise<void> {
    const { list } = additions;
    if (list) {
      const { namespace, environment } = list;
      const { specification } = await additions.promotion(packages);
      await this._app.commands.execute(CommandIDs.editEnvironment, {
        namespace,
        environment,
        text: specification
      });
    }
  }

  private _moduleActions(notebook: Notebook): IModuleActions | null {
    const entry = this._panels.get(notebook);
    if (!entry?.additions.list) {
      return null;
    }
    const { panel, additions } = entry;
    return {
      add: (cell, { package: name }) =>
        attempt(notify, async () => {
          await additions.install([name ?? '']);
          if (!panel.isDisposed && !cell.isDisposed) {
            notebook.activeCellIndex = notebook.widgets.indexOf(cell);
            notebook.deselectAll();
            await NotebookActions.run(notebook, panel.sessionContext);
          }
        }),
      propose: ({ package: name }) =>
        attempt(notify, () => this._promote(additions, [name ?? '']))
    };
  }

  private readonly _api: AdditionsApi;
  private readonly _builds = new WeakMap<NotebookBuild, NotebookAdditions>();
  private readonly _panels = new WeakMap<Notebook, IEntry>();
}

/** A notebook and what was added to its build. */
interface IEntry {
  panel: NotebookPanel;
  additions: NotebookAdditions;
}

/** Say why something cannot be done. */
function notify({ message }: { message: string }): void {
  Notification.error(message, { autoClose: false });
}
