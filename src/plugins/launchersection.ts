/** A section of the launcher: tiles that come and go. */

import type { ILauncher } from '@jupyterlab/launcher';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { DisposableSet } from '@lumino/disposable';

/** A tile: what it says is what its command says with these arguments. */
export interface ITile {
  readonly command: string;
  readonly args: ReadonlyJSONObject;
}

/** The tiles of one section, in their order. */
export class LauncherSection implements IDisposable {
  /**
   * @param rank - The section's place; JupyterLab's own begin at 0. Before JupyterLab 4.4 all others come after those.
   */
  constructor(
    private readonly _launcher: ILauncher,
    private readonly _category: string,
    private readonly _rank: number
  ) {}

  /** Show these tiles, and no others; without any there is no section. */
  show(tiles: ReadonlyArray<ITile>): void {
    const shown = JSON.stringify(tiles);
    if (shown === this._shown) {
      return;
    }
    this._shown = shown;
    this._items.dispose();
    this._items = new DisposableSet();
    tiles.forEach(({ command, args }, rank) => {
      this._items.add(
        this._launcher.add({
          command,
          args,
          rank,
          category: this._category,
          categoryRank: this._rank
        })
      );
    });
  }

  get isDisposed(): boolean {
    return this._items.isDisposed;
  }

  dispose(): void {
    this._items.dispose();
  }

  private _items = new DisposableSet();
  private _shown = '[]';
}

/**
 * Have the launcher leave out tiles.
 *
 * It has one for each of Jupyter's kernels, without a way to say of a kernel that something else starts it.
 */
export function leaveOut(
  launcher: ILauncher,
  isLeftOut: (item: ILauncher.IItemOptions) => boolean
): void {
  const model = launcher as Partial<ILauncher.IModel>;
  const items = model.items;
  if (items) {
    model.items = () =>
      [...items.call(model)].filter(item => !isLeftOut(item)).values();
  }
}
