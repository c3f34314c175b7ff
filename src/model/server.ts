/** The status of the conda-store server and of the embedded one. */

import type { IApi } from '../api';
import { toErrorInfo } from '../api/request';
import type { IErrorInfo, ILocalStoreStatus, IStatus } from '../tokens';

type ServerApi = Pick<IApi, 'status' | 'startLocalStore' | 'stopLocalStore'>;

/** The server's status as last heard. */
export class Server {
  /**
   * @param changed - Called after every change of a field.
   * @param moved - Called when the embedded store has started, stopped or failed.
   */
  constructor(
    private readonly _api: ServerApi,
    private readonly _changed: () => void,
    private readonly _moved: () => void
  ) {}

  /** The last answer; null before the first. */
  status: IStatus | null = null;

  /** The error of the last request for the status; null once it succeeds. */
  error: IErrorInfo | null = null;

  /** The error of starting or stopping the embedded store. */
  localStoreError: IErrorInfo | null = null;

  /** True if the embedded store was asked to start or to stop and has not answered. */
  localStoreBusy = false;

  /** The server's address; null when there is none, or none is known. */
  get url(): string | null {
    return this.status?.url ?? null;
  }

  /** Tell whether there is a server, and it answered the last time. */
  get usable(): boolean {
    return this.url !== null && !!this.status?.reachable;
  }

  /** Ask for the status. */
  async refresh(): Promise<void> {
    try {
      this.status = await this._api.status();
      this.error = null;
    } catch (reason) {
      this.error = toErrorInfo(reason);
    }
    this._changed();
  }

  /** Ask for the status, unless somebody has. */
  async first(): Promise<void> {
    this._first ??= this.status ? Promise.resolve() : this.refresh();
    await this._first;
  }

  /** Start the embedded store; `apply` takes in its progress. */
  startLocalStore(): Promise<void> {
    return this._ask(() => this._api.startLocalStore());
  }

  /** Stop the embedded store. */
  stopLocalStore(): Promise<void> {
    return this._ask(() => this._api.stopLocalStore());
  }

  /** Take in the embedded store's status from a response or an event. */
  apply(store: ILocalStoreStatus): void {
    if (!this.status) {
      return;
    }
    const before = this.status.local_store.state;
    this.status = { ...this.status, local_store: store };
    this._changed();
    if (before !== store.state && store.state !== 'starting') {
      this._moved();
    }
  }

  private _first: Promise<void> | null = null;

  private async _ask(act: () => Promise<ILocalStoreStatus>): Promise<void> {
    this.localStoreBusy = true;
    this.localStoreError = null;
    this._changed();
    try {
      this.apply(await act());
    } catch (reason) {
      this.localStoreError = toErrorInfo(reason);
    } finally {
      this.localStoreBusy = false;
      this._changed();
    }
  }
}
