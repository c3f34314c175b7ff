/** The plugin of the palette's entries. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { CommandIDs } from '../tokens';
import { ICore } from './core';

/** The commands that need no row to act on; the palette leaves out those of a plugin that is switched off. */
const COMMANDS = [
  CommandIDs.open,
  CommandIDs.refresh,
  CommandIDs.choose,
  CommandIDs.check,
  CommandIDs.openEnvironment,
  CommandIDs.newEnvironment,
  CommandIDs.importEnvironment,
  CommandIDs.openRepository,
  CommandIDs.copyLink,
  CommandIDs.writeBack,
  CommandIDs.writeRequirements,
  CommandIDs.startLocalStore,
  CommandIDs.stopLocalStore
];

export const palettePlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:palette',
  description: 'Adds the commands to the palette.',
  autoStart: true,
  requires: [ICore],
  optional: [ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    core: ICore,
    palette: ICommandPalette | null
  ): void => {
    const { trans } = core;
    const category = trans.__('Conda-store');
    for (const command of COMMANDS) {
      palette?.addItem({ command, category, args: { isPalette: true } });
    }
  }
};
