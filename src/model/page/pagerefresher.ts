/** Has an environment's page look at the server, gently: only while it is seen, more often while a build goes on. */

import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import { fullName } from '../../api/names';
import type { EnvironmentPageModel } from './environmentpage';

/** Milliseconds between two looks, at first and at most: while a build goes on, while the server is away, else. */
const BUSY = [2000, 10_000];
const AWAY = [5000, 60_000];
const IDLE = [30_000, 120_000];

/** The factor by which each wait is longer than the one before while nothing changes. */
const GROWTH = 1.5;

/** A poll that waits longer and longer while nothing moves; Lumino stops it in a hidden tab. */
export class PageRefresher implements IDisposable {
  constructor(private readonly _model: EnvironmentPageModel) {
    this._poll = new Poll({
      name: `conda-store-labext:${fullName(_model)}`,
      factory: () => this._refresh(),
      frequency: { interval: BUSY[0], backoff: false, max: Poll.MAX_INTERVAL },
      standby: () => (this._visible ? 'when-hidden' : true),
      auto: false
    });
    _model.stateChanged.connect(this._onChange, this);
  }

  /** Set whether the page is visible; it is refreshed as soon as it is. */
  set visible(visible: boolean) {
    if (visible === this._visible) {
      return;
    }
    this._visible = visible;
    if (visible) {
      void this.now();
    }
  }

  /** Look now, and often for a while. */
  async now(): Promise<void> {
    this._still = 0;
    await this._poll.refresh();
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    Signal.clearData(this);
    this._poll.dispose();
  }

  private async _refresh(): Promise<void> {
    const model = this._model;
    const pace = this._pace;
    this._looking = true;
    await model.refresh();
    this._looking = false;
    const { fingerprint } = model;
    const moved = fingerprint !== this._fingerprint || pace !== this._pace;
    this._fingerprint = fingerprint;
    this._still = moved ? 0 : this._still + 1;
    this._last = this._pace;
    const [first, most] = this._pace;
    const interval = Math.min(most, first * GROWTH ** this._still);
    if (!this.isDisposed && interval !== this._poll.frequency.interval) {
      this._poll.frequency = {
        interval,
        backoff: false,
        max: Poll.MAX_INTERVAL
      };
    }
  }

  /** An action may have set a build going: do not wait for the next look then. */
  private _onChange(): void {
    if (this._visible && !this._looking && this._pace !== this._last) {
      this._last = this._pace;
      void this.now();
    }
  }

  private get _pace(): number[] {
    const { error, busy } = this._model;
    return error ? AWAY : busy ? BUSY : IDLE;
  }

  private readonly _poll: Poll;
  private _visible = false;
  private _fingerprint = '';
  private _still = 0;
  private _looking = false;
  private _last = IDLE;
}
