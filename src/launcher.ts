/** The tile that opens the panel; environments that are ready have the tiles of their kernels. */

import type { ILauncher } from '@jupyterlab/launcher';
import type { ITranslator } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { CommandIDs } from './tokens';

/** Add the tile to JupyterLab's own category, in JupyterLab's own words. */
export function addTile(
  launcher: ILauncher,
  translator: ITranslator
): IDisposable {
  const trans = translator.load('jupyterlab');
  return launcher.add({
    command: CommandIDs.open,
    category: trans.__('Other'),
    rank: 5
  });
}
