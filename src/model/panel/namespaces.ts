/** The namespaces that the server has, those without environments too, and what the user may do with them. */

import type { IApi } from '../../api';
import type { INamespace, NamespaceAction } from '../../tokens';
import { NamespaceRows } from './namespacerows';

/** What the server said of its namespaces when it was last asked. */
export class Spaces {
  /**
   * @param changed - Called after every answer.
   */
  constructor(
    private readonly _api: Pick<IApi, 'namespaces'>,
    private readonly _changed: () => void
  ) {}

  /** All of them by name; none before the first answer. */
  all: ReadonlyArray<INamespace> = [];

  /** Whether the server has answered yet. */
  known = false;

  /** Ask again; throws what the request throws. */
  async refresh(): Promise<void> {
    this.take(await this._api.namespaces(''));
  }

  /** Take in what the server has told of all of them. */
  take(all: ReadonlyArray<INamespace>): void {
    this.all = all;
    this.known = true;
    this._changed();
  }

  /** The namespace of that name, if the server has told of it. */
  find(name: string): INamespace | undefined {
    return this.all.find(one => one.name === name);
  }

  /** What the user may do with a namespace; nothing with one that is not known. */
  may(name: string): ReadonlyArray<NamespaceAction> {
    return this.find(name)?.may ?? [];
  }

  /**
   * The namespaces of a list, and in their places the empty ones that the user may delete.
   *
   * @param rows - All that have environments; what the server counts has deleted ones in it.
   */
  withEmpty(rows: ReadonlyArray<NamespaceRows>): NamespaceRows[] {
    const listed = new Map(rows.map(one => [one.name, one]));
    const known = new Set(this.all.map(({ name }) => name));
    const inOrder = this.all.flatMap(({ name, may }) => {
      const row = listed.get(name);
      return row ?? (may.includes('delete') ? new NamespaceRows(name) : []);
    });
    return [...inOrder, ...rows.filter(({ name }) => !known.has(name))];
  }
}
