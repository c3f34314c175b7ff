/** The plugin of the environments that are on this machine already. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  IDefaultFileBrowser,
  IFileBrowserFactory
} from '@jupyterlab/filebrowser';
import { ProvidersApi } from '../api/providers';
import { addMachineCommands } from '../commands';
import { ProvidersModel } from '../model/machine';
import { CommandIDs } from '../tokens';
import { MachineSection } from '../widgets';
import { ICore } from './core';

export const machinePlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:machine',
  description: 'Lists and makes the environments of this machine.',
  autoStart: true,
  requires: [ICore],
  optional: [IDefaultFileBrowser, IFileBrowserFactory],
  activate: (
    app: JupyterFrontEnd,
    core: ICore,
    fileBrowser: IDefaultFileBrowser | null,
    fileBrowsers: IFileBrowserFactory | null
  ): void => {
    const { commands, serviceManager } = app;
    const { panel, opener, trans } = core;
    const model = new ProvidersModel(
      new ProvidersApi(serviceManager.serverSettings, trans)
    );
    const folder = () =>
      fileBrowser
        ? serviceManager.contents.localPath(fileBrowser.model.path)
        : '';
    addMachineCommands({ app, model, opener, trans, fileBrowsers });
    panel.addSection(new MachineSection({ model, commands }, trans));

    // Listed when the panel becomes visible, and when the folder changes meanwhile.
    const refresh = () => {
      if (panel.isVisible) {
        void model.refresh(folder());
      }
    };
    panel.shown.connect(refresh);
    fileBrowser?.model.pathChanged.connect(refresh);
    commands.commandExecuted.connect((_, { id }) => {
      if (id === CommandIDs.refresh) {
        refresh();
      }
    });
    panel.disposed.connect(() => model.dispose());
  }
};
