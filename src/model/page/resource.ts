/** Something of the server's that is requested once, until what it depends on changes. */

import { toErrorInfo } from '../../api/request';
import type { IErrorInfo } from '../../tokens';

/** The response to the last request; that to an earlier one is dropped. */
export class Resource<T> {
  /**
   * @param changed - Called after every change of a field.
   */
  constructor(private readonly _changed: () => void) {}

  value: T | null = null;

  /** The error of the last request; null once one succeeds. */
  error: IErrorInfo | null = null;

  /** True while a request is under way. */
  loading = false;

  /**
   * Request it, unless that of the key is here or on its way; null requests nothing.
   *
   * @param keep - Whether that of another key stays until this one's is here.
   */
  async load(
    key: string | null,
    get: () => Promise<T>,
    keep = false
  ): Promise<void> {
    if (key === this._key && !this.error) {
      return;
    }
    if (key !== this._key && !keep) {
      this.value = null;
      this.error = null;
    }
    this._key = key;
    const generation = ++this._generation;
    this.loading = key !== null;
    this._changed();
    if (key === null) {
      return;
    }
    try {
      const value = await get();
      if (generation === this._generation) {
        this.value = value;
        this.error = null;
      }
    } catch (reason) {
      if (generation === this._generation) {
        this.error = toErrorInfo(reason);
      }
    }
    if (generation === this._generation) {
      this.loading = false;
      this._changed();
    }
  }

  private _key: string | null = null;
  private _generation = 0;
}
