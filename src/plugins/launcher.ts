/** The plugin of the launcher's tile. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { CommandIDs } from '../tokens';
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
    core: ICore,
    launcher: ILauncher | null,
    translator: ITranslator | null
  ): void => {
    if (!launcher) {
      return;
    }
    let tile: IDisposable | null = null;
    const apply = () => {
      if (!core.settings.current.launcherTile) {
        tile?.dispose();
        tile = null;
      } else {
        tile ??= addTile(launcher, translator ?? nullTranslator);
      }
    };
    core.settings.changed.connect(apply);
    apply();
  }
};

/** Add the tile to JupyterLab's own category, in JupyterLab's own words. */
function addTile(launcher: ILauncher, translator: ITranslator): IDisposable {
  const trans = translator.load('jupyterlab');
  return launcher.add({
    command: CommandIDs.open,
    category: trans.__('Other'),
    rank: 5
  });
}
