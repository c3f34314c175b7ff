/** The environments of the server, as far as someone has looked. */

import type { IApi } from '../../api';
import { toErrorInfo } from '../../api/request';
import type { IEnvironment, IErrorInfo, INamespace } from '../../tokens';
import { FIRST_SIZE, firstPage } from './firstpage';
import type { NamespaceRows } from './namespacerows';
import {
  countedNamespaces,
  groupByNamespace,
  PAGE_SIZE
} from './namespacerows';

/** Concurrent requests for visible rows. */
const CONCURRENT = 2;

/** A range of a namespace's rows that is visible: from `from` up to, not including, `to`. */
export interface IVisibleRange {
  readonly namespace: string;
  readonly from: number;
  readonly to: number;
}

/**
 * One search. When all it finds fits into one answer, that is the only request. Otherwise the
 * server tells how many each namespace has, and rows are fetched when they become visible.
 * Old rows stay until their successors are here.
 */
export class Listing {
  /**
   * @param changed - Called after every change of a field.
   */
  constructor(
    private readonly _api: Pick<IApi, 'environments' | 'namespaces'>,
    private readonly _changed: () => void
  ) {}

  /** The searched text; empty for everything. */
  search = '';

  /** True if only environments that can be launched are requested, as far as `filtered` goes. */
  launchable = false;

  /**
   * True if the server has left out the environments that cannot be launched. It does so when the others fit into
   * one answer: to count them by namespace would take it a minute with ten thousand environments.
   */
  filtered = false;

  /** The namespaces that have environments that match, by name. */
  namespaces: NamespaceRows[] = [];

  /** The number of environments that the server has for the search; null before its first answer. */
  count: number | null = null;

  /** The error of the last request; null once one succeeds. */
  error: IErrorInfo | null = null;

  /** True while a search is on its way. */
  loading = false;

  /** The rows that are here, by namespace and name. */
  get environments(): IEnvironment[] {
    return this.namespaces.flatMap(namespace =>
      namespace.rows.filter(row => row !== undefined)
    ) as IEnvironment[];
  }

  /** All namespaces, as listed by the last request without a search; null when they were not asked for. */
  lastNamespaces: ReadonlyArray<INamespace> | null = null;

  /** Tell whether all namespaces that have environments that match are known. */
  get counted(): boolean {
    return this.count !== null && !this._counting;
  }

  /** Tell whether the server has rows that were not fetched yet. */
  get partial(): boolean {
    return this._counting || this.namespaces.some(rows => rows.partial);
  }

  /** Search anew; the rows of the old search stay until the answer comes. The last search wins. */
  async find(search: string): Promise<void> {
    this.search = search;
    this._generation++;
    this._reloading = null;
    await this.reload();
  }

  /** Fetch again how many there are and what is visible. */
  async reload(): Promise<void> {
    if (!this._reloading) {
      const run = this._reload(this._generation);
      this._reloading = run;
      void run.then(() => {
        if (this._reloading === run) {
          this._reloading = null;
        }
      });
    }
    await this._reloading;
  }

  /** Set which rows are visible; those that are missing are fetched. */
  setVisible(ranges: ReadonlyArray<IVisibleRange>): void {
    this._visible = ranges;
    this._fetchVisible();
  }

  /** The visible rows that were fetched. */
  get visibleRows(): IEnvironment[] {
    return this._visible.flatMap(({ namespace, from, to }) =>
      (this._find(namespace)?.rows.slice(from, to) ?? []).filter(
        row => row !== undefined
      )
    ) as IEnvironment[];
  }

  private async _reload(generation: number): Promise<void> {
    const fresh = this._shown !== generation;
    this.loading = true;
    this._failed.clear();
    this._changed();
    try {
      let first: IEnvironment[] = [];
      if (fresh || !this._large || (this.count ?? 0) <= FIRST_SIZE) {
        const [answer, filtered] = await firstPage(
          this._api,
          this.search,
          this.launchable
        );
        if (generation !== this._generation) {
          return;
        }
        first = answer.environments;
        this.filtered = filtered;
        this._large = first.length > 0 && answer.count > first.length;
        this.count = answer.count;
        this._counting = this._large;
        if (fresh || !this._large) {
          this.namespaces = groupByNamespace(first);
          this._shown = generation;
        }
      }
      if (this._large) {
        this._changed();
        const namespaces = await this._api.namespaces(this.search);
        if (generation !== this._generation) {
          return;
        }
        this.namespaces = countedNamespaces(this.namespaces, namespaces, first);
        this._counting = false;
        this._recount();
        this.lastNamespaces = this.search ? null : namespaces;
      } else {
        this.lastNamespaces = null;
      }
      this.error = null;
    } catch (reason) {
      if (generation === this._generation) {
        this.error = toErrorInfo(reason);
      }
    } finally {
      if (generation === this._generation) {
        this.loading = false;
        this._changed();
        this._fetchVisible();
        await this._settled;
      }
    }
  }

  /** Fetch the next visible pages that are missing, a few at a time. */
  private _fetchVisible(): void {
    if (this._counting || this.loading || !this._large) {
      return;
    }
    for (const { namespace, from, to } of this._visible) {
      for (const page of this._find(namespace)?.missing(from, to) ?? []) {
        const key = `${page}:${namespace}`;
        if (this._fetching.size >= CONCURRENT) {
          return;
        }
        if (!this._fetching.has(key) && !this._failed.has(key)) {
          this._fetching.add(key);
          this._settled = this._fetch(namespace, page, key);
        }
      }
    }
  }

  private async _fetch(
    namespace: string,
    page: number,
    key: string
  ): Promise<void> {
    const generation = this._generation;
    try {
      const answer = await this._api.environments(
        this.search,
        page,
        namespace,
        PAGE_SIZE
      );
      if (generation === this._generation) {
        this._find(namespace)?.accept(page, answer.environments, answer.count);
        this._recount();
        this.error = null;
      }
    } catch (reason) {
      if (generation === this._generation) {
        this._failed.add(key);
        this.error = toErrorInfo(reason);
      }
    } finally {
      this._fetching.delete(key);
      this._changed();
      this._fetchVisible();
    }
  }

  private _recount(): void {
    this.namespaces = this.namespaces.filter(rows => rows.count > 0);
    this.count = this.namespaces.reduce((sum, rows) => sum + rows.count, 0);
  }

  private _find(namespace: string): NamespaceRows | undefined {
    return this.namespaces.find(rows => rows.name === namespace);
  }

  /** True if the matches do not fit into one answer. */
  private _large = false;
  /** True while the server was not yet asked how many each namespace has. */
  private _counting = false;
  private _visible: ReadonlyArray<IVisibleRange> = [];
  private readonly _fetching = new Set<string>();
  /** The pages that could not be fetched since the last look at the whole. */
  private readonly _failed = new Set<string>();
  private _settled: Promise<void> = Promise.resolve();
  private _generation = 0;
  /** The generation that the rows belong to. */
  private _shown = 0;
  private _reloading: Promise<void> | null = null;
}
