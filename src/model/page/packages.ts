/** The packages of one build that match a search, page by page. */

import { Debouncer } from '@lumino/polling';
import type { IDisposable } from '@lumino/disposable';
import type { IApi } from '../../api';
import { toErrorInfo } from '../../request';
import type { IErrorInfo, IPackage } from '../../tokens';

/** Milliseconds without a keystroke before a search is sent. */
const SEARCH_DELAY = 250;

/** The packages fetched so far; those of an earlier search stay until their successors are here. */
export class BuildPackages implements IDisposable {
  /**
   * @param changed - Called after every change of a field.
   */
  constructor(
    private readonly _api: Pick<IApi, 'buildPackages'>,
    private readonly _changed: () => void
  ) {
    this._searching = new Debouncer(() => this._load(), SEARCH_DELAY);
  }

  /** The build whose packages these are; null before the first. */
  buildId: number | null = null;

  /** What the search box holds, sent or not. */
  searchText = '';

  packages: IPackage[] = [];

  /** How many match on all pages; null before the first answer. */
  count: number | null = null;

  /** What the last request failed with; null once one succeeds. */
  error: IErrorInfo | null = null;

  /** Whether the first page is on its way. */
  loading = false;

  /** Whether a further page is on its way. */
  loadingMore = false;

  /** Whether the server has packages that were not fetched yet. */
  get hasMore(): boolean {
    return !this._atEnd && this.packages.length < (this.count ?? 0);
  }

  /**
   * Show the packages of a build, unless they are here.
   *
   * @param version - Changes when they have to be asked for again.
   */
  async open(buildId: number | null, version: string): Promise<void> {
    const key = `${buildId} ${version}`;
    const same = buildId === this.buildId;
    if (key === this._key && !this.error) {
      return;
    }
    this._key = key;
    this.buildId = buildId;
    if (!same) {
      this.packages = [];
      this.count = null;
      this.error = null;
    }
    if (buildId !== null) {
      await this._load();
    }
  }

  /** Search as someone types: the request goes out once the typing rests. */
  setSearch(text: string): void {
    this.searchText = text;
    this._changed();
    this._searching.invoke().catch(() => {
      // A later keystroke, or the end of the page, took this one's place.
    });
  }

  /** Fetch the next page, if there is one. */
  async more(): Promise<void> {
    const { buildId } = this;
    if (!this.hasMore || this.loading || this.loadingMore || buildId === null) {
      return;
    }
    const generation = this._generation;
    this.loadingMore = true;
    this._changed();
    try {
      const page = this._page + 1;
      const answer = await this._api.buildPackages(buildId, this._search, page);
      if (generation === this._generation) {
        this._page = page;
        this._atEnd = !answer.packages.length;
        this.packages = [...this.packages, ...answer.packages];
        this.count = answer.count;
        this.error = null;
      }
    } catch (reason) {
      if (generation === this._generation) {
        this.error = toErrorInfo(reason);
      }
    }
    this.loadingMore = false;
    this._changed();
  }

  get isDisposed(): boolean {
    return this._searching.isDisposed;
  }

  dispose(): void {
    this._searching.dispose();
  }

  private async _load(): Promise<void> {
    const { buildId } = this;
    if (buildId === null) {
      return;
    }
    const generation = ++this._generation;
    const search = this.searchText.trim();
    this.loading = true;
    this._changed();
    try {
      const answer = await this._api.buildPackages(buildId, search, 1);
      if (generation === this._generation) {
        this._search = search;
        this._page = 1;
        this._atEnd = !answer.packages.length;
        this.packages = answer.packages;
        this.count = answer.count;
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

  private readonly _searching: Debouncer;
  private _key = '';
  /** The search that the packages belong to. */
  private _search = '';
  private _page = 0;
  private _atEnd = false;
  private _generation = 0;
}
