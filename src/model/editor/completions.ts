/** Names and versions of packages, as far as somebody has begun to write them. */

import { Debouncer } from '@lumino/polling';
import type { IApi } from '../../api';

/** Milliseconds without a keystroke before the server is asked. */
const DELAY = 150;

/** The completions that the server offers for the written text; failures leave it without an offer. */
export class Completions {
  /**
   * @param changed - Called after every answer.
   */
  constructor(
    private readonly _api: Pick<IApi, 'packageNames' | 'packageVersions'>,
    private readonly _changed: () => void
  ) {}

  /** The names that contain a text, those that begin with it first; as far as they were fetched. */
  names(text: string): ReadonlyArray<string> {
    const search = text.trim().toLowerCase();
    const names = this._names.get(search) ?? [];
    const begins = (name: string) => Number(name.startsWith(search));
    return [...names].sort(
      (a, b) => begins(b) - begins(a) || a.length - b.length
    );
  }

  /** A package's versions, newest first; as far as they were fetched. */
  versions(name: string): ReadonlyArray<string> {
    return this._versions.get(name) ?? [];
  }

  /** Ask for names that contain a text, once the typing rests. */
  askNames(text: string): void {
    this._search = text.trim().toLowerCase();
    this._asking.invoke().catch(() => {
      // A later keystroke, or the end, took this one's place.
    });
  }

  /** Ask for a package's versions, once. */
  async askVersions(name: string): Promise<void> {
    if (!name || this._versions.has(name)) {
      return;
    }
    this._versions.set(name, []);
    try {
      this._versions.set(name, await this._api.packageVersions(name));
      this._changed();
    } catch {
      this._versions.delete(name);
    }
  }

  /** Ask no more. */
  dispose(): void {
    this._asking.dispose();
  }

  private async _askNames(): Promise<void> {
    const search = this._search;
    if (!search || this._names.has(search)) {
      return;
    }
    try {
      this._names.set(search, await this._api.packageNames(search));
      this._changed();
    } catch {
      // Without an offer one writes the name in full.
    }
  }

  private readonly _asking = new Debouncer(() => this._askNames(), DELAY);
  private readonly _names = new Map<string, ReadonlyArray<string>>();
  private readonly _versions = new Map<string, ReadonlyArray<string>>();
  private _search = '';
}
