/** The plugin of the status bar's item. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { StatusItem } from '../widgets';
import { ICore } from './core';

export const statusBarPlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:status',
  description: 'Shows the connection, running builds and downloads.',
  autoStart: true,
  requires: [ICore],
  // Notebook has no status bar.
  optional: [IStatusBar],
  activate: (
    app: JupyterFrontEnd,
    core: ICore,
    statusBar: IStatusBar | null
  ): void => {
    const { model, trans } = core;
    if (!statusBar) {
      return;
    }
    statusBar.registerStatusItem('conda-store-labext:status', {
      item: new StatusItem({ model, commands: app.commands }, trans),
      align: 'left',
      rank: 20,
      isActive: () => model.server.status !== null && model.server.url !== null,
      activeStateChanged: model.stateChanged
    });
    // The panel may never be opened; how the server is has to be asked once all the same.
    void app.restored.then(() => model.server.first());
  }
};
