/** The environments of one namespace, of which only the pages that somebody looked at are here. */

import type { IEnvironment, INamespace } from '../../tokens';

/** Environments of a namespace asked for at a time. */
export const PAGE_SIZE = 50;

/** A namespace with as many places as it has environments; the empty ones were not fetched yet. */
export class NamespaceRows {
  constructor(
    readonly name: string,
    count = 0
  ) {
    this._rows.length = count;
  }

  /** The environments by name, undefined where they were not fetched. */
  get rows(): ReadonlyArray<IEnvironment | undefined> {
    return this._rows;
  }

  /** The number of its environments. */
  get count(): number {
    return this._rows.length;
  }
  set count(count: number) {
    if (count !== this._rows.length) {
      this._rows.length = count;
      this.outdate();
    }
  }

  /** Tell whether some places are still empty. */
  get partial(): boolean {
    // `includes` sees the holes of an array, `some` does not.
    return this._rows.includes(undefined);
  }

  /** The numbers, from 1, of the pages that hold places `from` up to `to` and have to be fetched. */
  missing(from: number, to: number): number[] {
    const pages: number[] = [];
    const last = Math.min(to, this.count);
    for (let at = from - (from % PAGE_SIZE); at < last; at += PAGE_SIZE) {
      const page = at / PAGE_SIZE + 1;
      if (!this._fresh.has(page)) {
        pages.push(page);
      }
    }
    return pages;
  }

  /** Keep the rows, but fetch each page again before it is believed. */
  outdate(): void {
    this._fresh.clear();
  }

  /** Take in rows from a place on, without saying that their pages are complete. */
  fill(start: number, rows: ReadonlyArray<IEnvironment>): void {
    const names = new Set(rows.map(row => row.name));
    this._rows.forEach((row, index) => {
      const moved = index < start || index >= start + rows.length;
      if (row && moved && names.has(row.name)) {
        this._rows[index] = undefined;
        this._fresh.delete(Math.floor(index / PAGE_SIZE) + 1);
      }
    });
    rows.forEach((row, index) => {
      this._rows[start + index] = row;
    });
  }

  /**
   * Take in a page.
   *
   * @param count - How many environments the namespace has according to the same answer.
   */
  accept(page: number, rows: ReadonlyArray<IEnvironment>, count: number): void {
    const start = (page - 1) * PAGE_SIZE;
    // A page that comes short tells more than the count does.
    this.count =
      rows.length < Math.min(PAGE_SIZE, count - start)
        ? Math.max(0, start + rows.length)
        : count;
    this.fill(start, rows);
    this._fresh.add(page);
  }

  /** Believe the pages whose rows are all here. */
  believe(): void {
    for (const page of this.missing(0, this.count)) {
      const start = (page - 1) * PAGE_SIZE;
      if (!this._rows.slice(start, start + PAGE_SIZE).includes(undefined)) {
        this._fresh.add(page);
      }
    }
  }

  private readonly _rows: (IEnvironment | undefined)[] = [];
  private readonly _fresh = new Set<number>();
}

/** Rows by namespace, in the order in which the namespaces first come. */
export function groupByNamespace(
  environments: ReadonlyArray<IEnvironment>
): NamespaceRows[] {
  const groups = new Map<string, IEnvironment[]>();
  for (const row of environments) {
    const group = groups.get(row.namespace) ?? [];
    group.push(row);
    groups.set(row.namespace, group);
  }
  return [...groups].map(([name, rows]) => {
    const namespace = new NamespaceRows(name);
    namespace.fill(0, rows);
    namespace.believe();
    return namespace;
  });
}

/**
 * The namespaces with as many places as the server counts environments.
 *
 * @param before - Those whose rows stay until their successors are here.
 * @param first - The environments that came first: of each namespace its first ones.
 */
export function countedNamespaces(
  before: ReadonlyArray<NamespaceRows>,
  namespaces: ReadonlyArray<INamespace>,
  first: ReadonlyArray<IEnvironment>
): NamespaceRows[] {
  const old = new Map(before.map(rows => [rows.name, rows]));
  const firsts = new Map(
    groupByNamespace(first).map(rows => [rows.name, rows])
  );
  return namespaces
    .filter(({ environments }) => environments > 0)
    .map(({ name, environments }) => {
      const rows = old.get(name) ?? new NamespaceRows(name);
      rows.count = environments;
      rows.outdate();
      const start = firsts.get(name)?.rows ?? [];
      if (start.length) {
        rows.fill(0, start.slice(0, environments) as IEnvironment[]);
        rows.believe();
      }
      return rows;
    });
}
