/** The builds of the environments that someone unfolded, and why the failed ones failed. */

import { fullName } from '../api/names';
import type { IApi } from '../api';
import { toErrorInfo } from '../api/request';
import type { IBuild, IBuildDetail, IErrorInfo } from '../tokens';

/** The builds of one environment, newest first, as far as they were fetched. */
export interface IBuildList {
  readonly builds: ReadonlyArray<IBuild>;
  /** The number of builds on all pages. */
  readonly count: number;
  readonly loading: boolean;
  readonly error: IErrorInfo | null;
}

const NOTHING: IBuildList = {
  builds: [],
  count: 0,
  loading: false,
  error: null
};

/** Tell whether a build is still queued or being built. */
export function isInProgress(build: IBuild): boolean {
  return build.status === 'QUEUED' || build.status === 'BUILDING';
}

/** Build lists by `namespace/name`, and details by build id. */
export class BuildLists {
  /**
   * @param changed - Called after every change of a field.
   */
  constructor(
    private readonly _api: Pick<IApi, 'builds' | 'build'>,
    private readonly _changed: () => void
  ) {}

  /** Return the known builds of an environment. */
  of(namespace: string, name: string): IBuildList {
    return this._lists.get(fullName({ namespace, name })) ?? NOTHING;
  }

  /** Fetch an environment's builds again, as many pages as are shown. */
  async load(namespace: string, name: string): Promise<void> {
    await this._fetch(namespace, name, false);
  }

  /** Fetch an environment's next page of builds. */
  async more(namespace: string, name: string): Promise<void> {
    await this._fetch(namespace, name, true);
  }

  /** Return the known details of a build besides its place in the list. */
  detail(id: number): IBuildDetail | undefined {
    return this._details.get(id);
  }

  /** Fetch a build's details once, one build at a time; failures leave them unknown. */
  async loadDetail(id: number): Promise<void> {
    if (this._asked.has(id)) {
      return;
    }
    this._asked.add(id);
    this._queue = this._queue.then(async () => {
      try {
        this._details.set(id, await this._api.build(id));
        this._changed();
      } catch {
        this._asked.delete(id);
      }
    });
    await this._queue;
  }

  private async _fetch(
    namespace: string,
    name: string,
    further: boolean
  ): Promise<void> {
    const key = fullName({ namespace, name });
    const old = this.of(namespace, name);
    if (old.loading) {
      return;
    }
    this._set(key, { ...old, loading: true });
    const rows = new Map<number, IBuild>();
    try {
      const fetched = this._pages.get(key) ?? 1;
      const pages = fetched + (further ? 1 : 0);
      let count = 0;
      for (let page = 1; page <= pages; page++) {
        const answer = await this._api.builds(namespace, name, page);
        answer.builds.forEach(build => rows.set(build.id, build));
        count = answer.count;
      }
      this._pages.set(key, pages);
      const builds = [...rows.values()].sort((a, b) => b.id - a.id);
      this._set(key, { builds, count, loading: false, error: null });
    } catch (reason) {
      this._set(key, { ...old, loading: false, error: toErrorInfo(reason) });
    }
  }

  private _set(key: string, list: IBuildList): void {
    this._lists.set(key, list);
    this._changed();
  }

  private readonly _lists = new Map<string, IBuildList>();
  private readonly _pages = new Map<string, number>();
  private readonly _details = new Map<number, IBuildDetail>();
  private readonly _asked = new Set<number>();
  private _queue: Promise<void> = Promise.resolve();
}
