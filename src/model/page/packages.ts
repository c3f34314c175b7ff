/** The packages of one build that match a search, page by page. */

import { Debouncer } from '@lumino/polling';
import type { IDisposable } from '@lumino/disposable';
import type { IApi } from '../../api';
import type { IErrorInfo, IPackage } from '../../tokens';
import { Resource } from './resource';

/** Milliseconds without a keystroke before a search is sent. */
const SEARCH_DELAY = 250;

/** The packages fetched of one search in one build. */
interface IFetched {
  readonly search: string;
  /** The number of pages fetched. */
  readonly pages: number;
  readonly packages: IPackage[];
  /** The number of matches on all pages. */
  readonly count: number;
  /** True if the last page was empty, whatever the count says. */
  readonly atEnd: boolean;
}

/** Nothing was fetched yet. */
const NOTHING: IPackage[] = [];

/** The packages fetched so far; those of an earlier search stay until their successors are here. */
export class BuildPackages implements IDisposable {
  /**
   * @param changed - Called after every change of a field.
   */
  constructor(
    private readonly _api: Pick<IApi, 'buildPackages'>,
    private readonly _changed: () => void
  ) {
    this._fetched = new Resource(_changed);
    this._searching = new Debouncer(() => this._load(true), SEARCH_DELAY);
  }

  /** The build whose packages these are; null before the first. */
  buildId: number | null = null;

  /** The text in the search box, sent or not. */
  searchText = '';

  get packages(): IPackage[] {
    return this._fetched.value?.packages ?? NOTHING;
  }

  /** The number of matches on all pages; null before the first answer. */
  get count(): number | null {
    return this._fetched.value?.count ?? null;
  }

  /** The error of the last request; null once one succeeds. */
  get error(): IErrorInfo | null {
    return this._fetched.error;
  }

  /** Tell whether the first page is on its way. */
  get loading(): boolean {
    return this._fetched.loading && !this._adding;
  }

  /** Tell whether a further page is on its way. */
  get loadingMore(): boolean {
    return this._fetched.loading && this._adding;
  }

  /** Tell whether the server has packages that were not fetched yet. */
  get hasMore(): boolean {
    const { value } = this._fetched;
    return !!value && !value.atEnd && value.packages.length < value.count;
  }

  /**
   * Show the packages of a build, unless they are here.
   *
   * @param version - Changes when they have to be asked for again.
   */
  async open(buildId: number | null, version: string): Promise<void> {
    if (
      buildId === this.buildId &&
      version === this._version &&
      !this._fetched.error
    ) {
      return;
    }
    const same = buildId === this.buildId;
    this.buildId = buildId;
    this._version = version;
    await this._load(same);
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
    const { value, loading } = this._fetched;
    if (value && !loading && this.hasMore) {
      this._adding = true;
      await this._ask(value.search, value, true);
    }
  }

  get isDisposed(): boolean {
    return this._searching.isDisposed;
  }

  dispose(): void {
    this._searching.dispose();
  }

  /** Fetch the first page of what is searched for. */
  private async _load(keep: boolean): Promise<void> {
    this._adding = false;
    await this._ask(this.searchText.trim(), null, keep);
  }

  /** Ask for the page after those that are here, or for the first. */
  private async _ask(
    search: string,
    before: IFetched | null,
    keep: boolean
  ): Promise<void> {
    const { buildId } = this;
    const page = (before?.pages ?? 0) + 1;
    const key = JSON.stringify([buildId, this._version, search, page]);
    await this._fetched.load(
      buildId === null ? null : key,
      async () => {
        const answer = await this._api.buildPackages(buildId!, search, page);
        return {
          search,
          pages: page,
          packages: [...(before?.packages ?? NOTHING), ...answer.packages],
          count: answer.count,
          atEnd: !answer.packages.length
        };
      },
      keep
    );
  }

  private readonly _fetched: Resource<IFetched>;
  private readonly _searching: Debouncer;
  private _version = '';
  /** True if the requested page is a further one. */
  private _adding = false;
}
