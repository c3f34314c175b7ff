/** The plugin of what notebooks know of their builds. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { IFinding } from '../notebook';
import { BuildItem, finding, namedFinding, NotebookBuild } from '../notebook';
import type { IBuildReference } from '../tokens';
import { toErrorInfo } from '../request';
import { ICore } from './core';

export const notebookPlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:notebook',
  description:
    'Shows on which build a notebook runs, and what became of that build.',
  autoStart: true,
  requires: [ICore, INotebookTracker],
  activate: (
    app: JupyterFrontEnd,
    core: ICore,
    notebooks: INotebookTracker
  ): void => {
    const { api, model, opener, trans } = core;
    const { kernelspecs } = app.serviceManager;

    const attempt = async (action: () => Promise<void>): Promise<void> => {
      try {
        await action();
      } catch (reason) {
        Notification.error(toErrorInfo(reason).message);
      }
    };
    const rebuild = async (build: NotebookBuild): Promise<void> => {
      const record = build.recorded;
      if (record) {
        const { id } = await api.rebuildNotebook(record);
        const name = `${record.namespace}/${record.environment} #${id}`;
        Notification.info(trans.__('%1 is being built.', name));
      }
    };
    const show = (build: NotebookBuild, found: IFinding): void => {
      Notification.emit(found.message, found.type, {
        autoClose: false,
        actions: found.offers.map(offer => ({
          label: offer.label,
          callback: () =>
            void attempt(() =>
              offer.build ? build.use(offer.build) : rebuild(build)
            )
        }))
      });
    };
    const opened = async (
      panel: NotebookPanel,
      build: NotebookBuild
    ): Promise<void> => {
      await Promise.all([panel.context.ready, kernelspecs.ready]);
      const spec = panel.content.model?.getMetadata('kernelspec') as
        { name?: string } | undefined;
      const known = !!kernelspecs.specs?.kernelspecs[spec?.name ?? ''];
      if (build.named && !known) {
        show(build, namedFinding(build.named, trans));
        return;
      }
      const record = build.recorded;
      const standing = record && (await build.look());
      const found = standing && finding(record, standing, known, trans);
      if (found && !build.isDisposed) {
        show(build, found);
      }
    };

    notebooks.widgetAdded.connect((_, panel) => {
      const build = new NotebookBuild({
        panel,
        api,
        model,
        kernel: reference => opener.kernel(reference)
      });
      const use = (to: IBuildReference) => void attempt(() => build.use(to));
      const item = new BuildItem(build, use, trans);
      const { toolbar } = panel;
      if (!toolbar.insertBefore('kernelName', 'conda-store-build', item)) {
        toolbar.addItem('conda-store-build', item);
      }
      panel.disposed.connect(() => item.dispose());
      // What cannot be asked now is said when it is needed.
      opened(panel, build).catch(() => undefined);
    });
  }
};
