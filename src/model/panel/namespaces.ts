/** The namespaces that the server has, those without environments too, and what the user may do with them. */

import type { IApi } from '../../api';
import type { INamespace, NamespaceAction } from '../../tokens';
import { NamespaceRows } from './namespacerows';

/** The namespaces as listed last. */
export class Namespaces {
  /**
   * @param changed - Called after every answer.
   */
  constructor(
    private readonly _api: Pick<IApi, 'namespaces'>,
    private readonly _changed: () => void
  ) {}

  /** All of them by name; none before the first answer. */
  all: ReadonlyArray<INamespace> = [];

  /** True once the server has answered. */
  loaded = false;

  /** Ask again; throws what the request throws. */
  async refresh(): Promise<void> {
    this.take(await this._api.namespaces(''));
  }

  /** Take in an answer of the server's that has all of them. */
  take(all: ReadonlyArray<INamespace>): void {
    this.all = all;
    this.loaded = true;
    this._changed();
  }

  /** The namespace of that name, if the server has listed it. */
  find(name: string): INamespace | undefined {
    return this.all.find(namespace => namespace.name === name);
  }

  /** Return the actions that the user may take on a namespace; nothing with one that is not listed. */
  may(name: string): ReadonlyArray<NamespaceAction> {
    return this.find(name)?.may ?? [];
  }

  /**
   * The namespaces of a list, and in their places the empty ones that the user may delete.
   *
   * @param rows - All that have environments; what the server counts has deleted ones in it.
   */
  withEmpty(rows: ReadonlyArray<NamespaceRows>): NamespaceRows[] {
    const listed = new Map(rows.map(row => [row.name, row]));
    const names = new Set(this.all.map(({ name }) => name));
    const inOrder = this.all.flatMap(({ name, may }) => {
      const row = listed.get(name);
      return row ?? (may.includes('delete') ? new NamespaceRows(name) : []);
    });
    return [...inOrder, ...rows.filter(({ name }) => !names.has(name))];
  }
}
