/** The plugin that ends downloads for kernels that nobody waits for any more. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { StartsApi } from '../api/starts';
import { PendingStarts } from '../notebook';

export const startsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:starts',
  description:
    'Ends the download for a kernel whose notebook is closed or shut down before it has started.',
  autoStart: true,
  optional: [INotebookTracker, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker | null,
    translator: ITranslator | null
  ): void => {
    const { serviceManager } = app;
    const trans = (translator ?? nullTranslator).load('conda_store_labext');
    const starts = new PendingStarts(
      serviceManager.sessions,
      new StartsApi(serviceManager.serverSettings, trans)
    );
    notebooks?.widgetAdded.connect((_, panel) =>
      starts.watch(panel.sessionContext)
    );
  }
};
