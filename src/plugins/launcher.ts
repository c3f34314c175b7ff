/** The plugin of the launcher's tile. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { addTile } from '../launcher';
import { ICore } from './core';

export const launcherPlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:launcher',
  description: 'Adds a tile to the launcher that opens the panel.',
  autoStart: true,
  requires: [ICore],
  // Notebook has no launcher.
  optional: [ILauncher, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    _core: ICore,
    launcher: ILauncher | null,
    translator: ITranslator | null
  ): void => {
    if (launcher) {
      addTile(launcher, translator ?? nullTranslator);
    }
  }
};
