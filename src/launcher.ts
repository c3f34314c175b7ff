/** The tile that opens the panel; environments that are ready have the tiles of their kernels. */

import type { ILauncher } from '@jupyterlab/launcher';
import type { IDisposable } from '@lumino/disposable';
import { CommandIDs } from './tokens';

/** Add the tile. */
export function addTile(launcher: ILauncher): IDisposable {
  return launcher.add({ command: CommandIDs.open, category: 'Other', rank: 5 });
}
