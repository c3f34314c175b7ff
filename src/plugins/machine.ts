/** The plugin of the environments that are on this machine already. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import {
  IDefaultFileBrowser,
  IFileBrowserFactory
} from '@jupyterlab/filebrowser';
import type { IProvidedEnvironment } from '../api/providers';
import {
  addCreateCommand,
  addMachineCommands,
  addShareCommand,
  MachineTargets
} from '../commands';
import { MachinePageModel } from '../model/machine';
import { CommandIDs } from '../tokens';
import { MachinePage, MachineSection } from '../widgets';
import { ICore } from './core';

export const machinePlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:machine',
  description: 'Lists and makes the environments of this machine.',
  autoStart: true,
  requires: [ICore],
  // Notebook's main area holds one thing only, so that there is no page in it.
  optional: [
    IDefaultFileBrowser,
    IFileBrowserFactory,
    ILabShell,
    ILayoutRestorer
  ],
  activate: (
    app: JupyterFrontEnd,
    core: ICore,
    fileBrowser: IDefaultFileBrowser | null,
    fileBrowsers: IFileBrowserFactory | null,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const { commands, serviceManager } = app;
    const { panel, opener, trans } = core;
    const { providers: model, providersApi: api } = core;
    const folder = () =>
      fileBrowser
        ? serviceManager.contents.localPath(fileBrowser.model.path)
        : '';
    const tracker = new WidgetTracker<MachinePage>({
      namespace: 'conda-store-machine'
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.openMachine,
      args: ({ model: { provider, key } }) => ({
        provider,
        key,
        folder: model.folderOf({ provider, key })
      }),
      name: ({ id }) => id
    });
    const create = ({ provider, key }: IProvidedEnvironment): MachinePage =>
      new MachinePage(
        new MachinePageModel({ api, providers: model, provider, key }),
        commands,
        trans
      );
    const open = (shell: ILabShell, environment: IProvidedEnvironment) => {
      const { provider, key } = environment;
      const page =
        tracker.find(
          ({ model: other }) => other.provider === provider && other.key === key
        ) ?? create(environment);
      if (!page.isAttached) {
        void tracker.add(page);
        shell.add(page, 'main', { type: 'Conda-store' });
      }
      shell.activateById(page.id);
    };
    const targets = new MachineTargets({
      app,
      model,
      trans,
      trust: environment => api.trust(environment)
    });
    addMachineCommands({
      app,
      model,
      opener,
      targets,
      trans,
      activation: environment => api.activation(environment),
      open: labShell && (environment => open(labShell, environment))
    });
    addShareCommand({
      commands,
      targets,
      api,
      trans,
      folderOf: environment => model.folderOf(environment)
    });
    addCreateCommand({ app, model, trans, fileBrowsers });
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
  }
};
