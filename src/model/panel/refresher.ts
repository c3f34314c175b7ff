/** Asks the model to refresh, gently: what is seen or under way, more seldom the longer the server is away. */

import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import type { EnvironmentsModel } from './environments';

/** Milliseconds between two requests while a build or the local store's start is under way. */
const BUSY_INTERVAL = 5000;

/** Milliseconds between two requests for copies in the making; events usually come sooner. */
const COPIES_INTERVAL = 2000;

/** Milliseconds between two requests for the builds that somebody waits for. */
const BUILDS_INTERVAL = 4000;

/** Milliseconds before the first request to a server that is away; each later one waits half as long again. */
const AWAY_INTERVAL = 8000;

/** The most milliseconds between two requests to a server that is away. */
const AWAY_LIMIT = 60000;

/**
 * Three polls, none of which runs in a hidden tab of the browser: one for the list while the panel
 * is seen, one for copies in the making, one for the builds that somebody waits for.
 */
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
    this._builds = new Poll({
      name: 'conda-store-labext:builds',
      factory: () => this._model.running.refresh(),
      frequency: { interval: BUILDS_INTERVAL, backoff: true },
      standby: () => (this._model.running.builds.length ? 'when-hidden' : true),
      auto: false
    });
    void this._copies.start();
    void this._builds.start();
  }

  /** Milliseconds between two requests for the list while nothing goes on. */
  set interval(interval: number) {
    this._interval = interval;
    this._adapt();
  }

  /** Set whether the panel is seen; the list is fetched as soon as it is. */
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
    this._builds.dispose();
  }

  private async _refreshList(): Promise<void> {
    await this._model.refresh(!this._model.server.status);
    this._away = this._isAway ? this._away + 1 : 0;
    this._adapt();
  }

  private get _isAway(): boolean {
    const { connection } = this._model;
    return connection === 'disconnected' || connection === 'broken';
  }

  private _adapt(): void {
    const { busy } = this._model;
    const interval = this._isAway
      ? Math.min(AWAY_LIMIT, AWAY_INTERVAL * 1.5 ** (this._away - 1))
      : Math.min(this._interval, busy ? BUSY_INTERVAL : Infinity);
    this._list.frequency = {
      interval: Math.max(1000, interval),
      backoff: false,
      max: Poll.MAX_INTERVAL
    };
  }

  private readonly _list: Poll;
  private readonly _copies: Poll;
  private readonly _builds: Poll;
  private _interval = 30000;
  private _visible = false;
  /** The number of requests in a row that found the server away. */
  private _away = 0;
}
