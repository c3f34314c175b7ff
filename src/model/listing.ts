/** The environments of the server, page by page, as far as someone has looked. */

import type { IApi } from '../api';
import { toErrorInfo } from '../request';
import type { IEnvironment, IEnvironmentPage, IErrorInfo } from '../tokens';

/** The pages fetched so far of one search; old rows stay until their successors are here. */
export class Listing {
  /**
   * @param changed - Called after every change of a field.
   */
  constructor(
    private readonly _api: Pick<IApi, 'environments'>,
    private readonly _changed: () => void
  ) {}

  /** What is searched for; empty for everything. */
  search = '';

  /** The rows, by namespace and name, without repetition. */
  environments: IEnvironment[] = [];

  /** How many the server has for the search on all pages; null before its first answer. */
  count: number | null = null;

  /** What the last request failed with; null once one succeeds. */
  error: IErrorInfo | null = null;

  /** Whether the first page of a search is on its way. */
  loading = false;

  /** Whether a further page is on its way. */
  loadingMore = false;

  /** Whether the server has rows that were not fetched yet. */
  get hasMore(): boolean {
    const fetched = this._pages.reduce((sum, page) => sum + page.length, 0);
    const last = this._pages[this._pages.length - 1];
    return !!last?.length && fetched < (this.count ?? 0);
  }

  /** Search anew; the rows of the old search stay until the answer comes. The last search wins. */
  async find(search: string): Promise<void> {
    this.search = search;
    this._generation++;
    this._reloading = null;
    await this.reload();
  }

  /**
   * Fetch again what is shown: every page, or, when `everything` is false, the first one and those
   * with a build in progress (every page all the same when the count has changed).
   */
  async reload(everything = true): Promise<void> {
    if (!this._reloading) {
      const run = this._reload(everything, this._generation);
      this._reloading = run;
      void run.then(() => {
        if (this._reloading === run) {
          this._reloading = null;
        }
      });
    }
    await this._reloading;
  }

  /** Fetch the next page, if there is one. */
  async more(): Promise<void> {
    if (!this.hasMore || this.loadingMore || this.loading) {
      return;
    }
    const generation = this._generation;
    this.loadingMore = true;
    this._changed();
    try {
      const next = this._pages.length + 1;
      const answer = await this._api.environments(this.search, next);
      if (generation === this._generation) {
        const pages = this._pages.slice();
        pages[next - 1] = answer.environments;
        this._accept(pages, answer);
      }
    } catch (reason) {
      if (generation === this._generation) {
        this.error = toErrorInfo(reason);
      }
    } finally {
      this.loadingMore = false;
      this._changed();
    }
  }

  private async _reload(
    everything: boolean,
    generation: number
  ): Promise<void> {
    const fresh = this._shown !== this._generation;
    this.loading = true;
    this._changed();
    try {
      const first = await this._api.environments(this.search, 1);
      const pages = fresh ? [] : this._pages.slice();
      const all = everything || first.count !== this.count;
      let last = first;
      pages[0] = first.environments;
      for (let index = 1; index < pages.length; index++) {
        if (all || pages[index].some(row => row.running_build_id !== null)) {
          last = await this._api.environments(this.search, index + 1);
          pages[index] = last.environments;
        }
      }
      if (generation === this._generation) {
        this._shown = generation;
        this._accept(pages, last);
      }
    } catch (reason) {
      if (generation === this._generation) {
        this.error = toErrorInfo(reason);
      }
    } finally {
      if (generation === this._generation) {
        this.loading = false;
        this._changed();
      }
    }
  }

  /** Take the pages in; a row that moved from one page to the next meanwhile is kept once. */
  private _accept(pages: IEnvironment[][], answer: IEnvironmentPage): void {
    const rows = new Map<string, IEnvironment>();
    for (const row of pages.flatMap(page => page)) {
      rows.set(`${row.namespace}/${row.name}`, row);
    }
    this._pages = pages;
    this.environments = [...rows.values()];
    this.count = answer.count;
    this.error = null;
  }

  private _pages: IEnvironment[][] = [];
  private _generation = 0;
  /** The generation that the rows belong to. */
  private _shown = 0;
  private _reloading: Promise<void> | null = null;
}
