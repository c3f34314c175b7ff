/** Asks the model to refresh, gently: while the panel is seen, more often while something goes on. */

import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import type { EnvironmentsModel } from './environments';

/** Milliseconds between two looks while a build or the local store's start is under way. */
const BUSY_INTERVAL = 5000;

/** Milliseconds between two looks at copies in the making; events tell of them sooner. */
const COPIES_INTERVAL = 2000;

/** Milliseconds between two looks while the server is away. */
const AWAY_INTERVAL = 10000;

/** Two polls: one for the list while the panel is seen, one for copies in the making. */
export class Refresher implements IDisposable {
  constructor(private readonly _model: EnvironmentsModel) {
    this._list = new Poll({
      name: 'conda-store-labext:list',
      factory: () => this._refreshList(),
      frequency: { interval: this._interval, backoff: false },
      standby: () => (this._visible ? 'when-hidden' : true),
      auto: false
    });
    this._copies = new Poll({
      name: 'conda-store-labext:copies',
      factory: () => this._model.copies.refresh(),
      frequency: { interval: COPIES_INTERVAL, backoff: true },
      standby: () => (this._model.copies.active ? 'when-hidden' : true),
      auto: false
    });
    void this._copies.start();
  }

  /** Milliseconds between two looks at the list while nothing goes on. */
  set interval(interval: number) {
    this._interval = interval;
    this._adapt();
  }

  /** Whether the panel is seen; the list is fetched as soon as it is. */
  set visible(visible: boolean) {
    if (visible === this._visible) {
      return;
    }
    this._visible = visible;
    if (visible) {
      void this._list.refresh();
    }
  }

  get isDisposed(): boolean {
    return this._list.isDisposed;
  }

  dispose(): void {
    this._list.dispose();
    this._copies.dispose();
  }

  private async _refreshList(): Promise<void> {
    await this._model.refresh(!this._model.status);
    this._adapt();
  }

  private _adapt(): void {
    const { busy, connection } = this._model;
    const away = connection === 'disconnected' || connection === 'broken';
    const limit = busy ? BUSY_INTERVAL : away ? AWAY_INTERVAL : this._interval;
    this._list.frequency = {
      interval: Math.min(this._interval, limit),
      backoff: false,
      max: Poll.MAX_INTERVAL
    };
  }

  private readonly _list: Poll;
  private readonly _copies: Poll;
  private _interval = 30000;
  private _visible = false;
}
