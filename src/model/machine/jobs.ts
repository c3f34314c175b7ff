/** The environments being made or changed on this machine, live. */

import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal, IStream } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IJob, IProvidersApi } from '../../api/providers';

/** The schema of the events that tell of jobs. */
export const JOB_EVENT = 'https://events.jupyter.org/conda_store_labext/job';

/** Milliseconds between two requests for the jobs where no events come. */
const POLL = 1000;

/** The factor by which that time is longer where events come: one may be lost with the connection. */
const WITH_EVENTS = 15;

/** The jobs that run and those that ended last, by the Jupyter server's events; polled besides while one runs. */
export class Jobs implements IDisposable {
  /**
   * @param events - The Jupyter server's events; without them the jobs are polled alone.
   */
  constructor(
    private readonly _api: Pick<IProvidersApi, 'cancel' | 'jobs'>,
    private readonly _events: IStream<unknown, ReadonlyJSONObject> | null,
    private readonly _poll = POLL
  ) {
    _events?.connect(this._onEvent, this);
  }

  /** Emitted after every change. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Emitted with each job that ended while it was followed. */
  get ended(): ISignal<this, IJob> {
    return this._ended;
  }

  /** The running jobs, and the failed ones that were not dismissed. */
  get shown(): ReadonlyArray<IJob> {
    return [...this._jobs.values()].filter(
      ({ id, state }) =>
        state === 'running' || (state === 'failed' && !this._dismissed.has(id))
    );
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    window.clearTimeout(this._timer);
    this._events?.disconnect(this._onEvent, this);
    Signal.clearData(this);
  }

  /** Follow what has been in the making since before the page was loaded. */
  resume(): void {
    if (!this._resumed) {
      this._resumed = true;
      void this._refresh();
    }
  }

  /** Follow a job until it has ended. */
  follow(job: IJob): void {
    this._apply(job);
    const now = this._jobs.get(job.id)!;
    if (now.state !== 'running') {
      // Its end was quicker than the response.
      this._announce(now);
    }
    this._refreshLater();
  }

  /** Follow a job whose end the caller announces, and nobody else, until it has ended. */
  async end(job: IJob): Promise<IJob> {
    this._claimed.add(job.id);
    const ended = new Promise<IJob>(resolve => {
      const done = (_: unknown, other: IJob) => {
        if (other.id === job.id) {
          this._ended.disconnect(done);
          resolve(other);
        }
      };
      this._ended.connect(done);
    });
    this.follow(job);
    return ended;
  }

  /** Tell whether somebody announces the end of a job. */
  isClaimed(job: string): boolean {
    return this._claimed.has(job);
  }

  /** Ask a job to stop. */
  async cancel(job: string): Promise<void> {
    this._apply(await this._api.cancel(job));
    await this._refresh();
  }

  /** Show a failure no longer. */
  dismiss(job: string): void {
    this._dismissed.add(job);
    this._changed.emit();
  }

  private _onEvent(_: unknown, event: ReadonlyJSONObject): void {
    const { schema_id, ...data } = event;
    if (schema_id === JOB_EVENT) {
      this._apply(data as unknown as IJob);
    }
  }

  /** Take in a job; one that has ended does not run again. */
  private _apply(job: IJob): void {
    const before = this._jobs.get(job.id);
    if (before && before.state !== 'running') {
      return;
    }
    this._jobs.set(job.id, job);
    this._changed.emit();
    if (before && job.state !== 'running') {
      this._announce(job);
    }
  }

  private _announce(job: IJob): void {
    if (!this._announced.has(job.id)) {
      this._announced.add(job.id);
      this._ended.emit(job);
    }
  }

  private _refreshLater(): void {
    window.clearTimeout(this._timer);
    const runs = [...this._jobs.values()].some(job => job.state === 'running');
    if (runs && !this._isDisposed) {
      const wait = this._poll * (this._events ? WITH_EVENTS : 1);
      this._timer = window.setTimeout(() => void this._refresh(), wait);
    }
  }

  private async _refresh(): Promise<void> {
    try {
      (await this._api.jobs()).forEach(job => this._apply(job));
    } catch {
      // The Jupyter server is away; it is asked again.
    }
    this._refreshLater();
  }

  private readonly _jobs = new Map<string, IJob>();
  private readonly _announced = new Set<string>();
  private readonly _claimed = new Set<string>();
  private readonly _dismissed = new Set<string>();
  private _resumed = false;
  private _timer = 0;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _ended = new Signal<this, IJob>(this);
}
