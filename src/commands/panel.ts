/** The commands that concern the panel and its server. */

import { refreshIcon } from '@jupyterlab/ui-components';
import { condaStoreIcon } from '../icons';
import { CommandIDs, PANEL_ID } from '../tokens';
import type { ICommandsOptions } from './options';
import { NO_ARGS } from './options';

/** Add the commands that show the panel, refresh it, and start or stop the embedded store. */
export function addPanelCommands(options: ICommandsOptions): void {
  const { app, model, trans } = options;
  const { commands, shell } = app;
  const localStore = () => model.server.status?.local_store.state;

  commands.addCommand(CommandIDs.open, {
    label: args =>
      args.isPalette
        ? trans.__('Show Environments')
        : args.isTile
          ? trans.__('All Environments…')
          : trans.__('Conda-store'),
    caption: trans.__('Show the environments of conda-store'),
    icon: condaStoreIcon,
    describedBy: { args: NO_ARGS },
    execute: () => shell.activateById(PANEL_ID)
  });
  commands.addCommand(CommandIDs.refresh, {
    label: trans.__('Refresh Environments'),
    caption: trans.__('Ask conda-store for its environments again'),
    icon: refreshIcon,
    describedBy: { args: NO_ARGS },
    execute: () => model.refresh()
  });
  commands.addCommand(CommandIDs.startLocalStore, {
    label: trans.__('Start a Local Store'),
    caption: trans.__('Start a conda-store of your own on this machine'),
    describedBy: { args: NO_ARGS },
    isEnabled: () =>
      !['unavailable', 'starting', 'running'].includes(localStore() ?? ''),
    execute: async () => {
      if (!model.server.status) {
        await model.refresh();
      }
      await model.server.startLocalStore();
    }
  });
  commands.addCommand(CommandIDs.stopLocalStore, {
    label: trans.__('Stop the Local Store'),
    caption: trans.__('Stop the conda-store that runs on this machine'),
    describedBy: { args: NO_ARGS },
    isEnabled: () => ['starting', 'running'].includes(localStore() ?? ''),
    execute: () => model.server.stopLocalStore()
  });
  model.stateChanged.connect(() => {
    commands.notifyCommandChanged(CommandIDs.startLocalStore);
    commands.notifyCommandChanged(CommandIDs.stopLocalStore);
  });
}
