/** The filter of the panel. */

import type { NamespaceRows } from './namespacerows';

/** The choice of environments that are shown, and of the namespace on top. */
export interface IFilter {
  /** The namespaces to show; empty for all. */
  readonly namespaces: ReadonlyArray<string>;
  /** True to show only environments that can be launched. */
  readonly launchable: boolean;
  /** The namespace that comes first; empty for none. */
  readonly first: string;
}

/** The namespaces that a filter lets through, the one that comes first on top. */
export function filterNamespaces(
  all: ReadonlyArray<NamespaceRows>,
  { namespaces, first }: IFilter
): NamespaceRows[] {
  const wanted = namespaces.length
    ? all.filter(({ name }) => namespaces.includes(name))
    : all;
  return [
    ...wanted.filter(({ name }) => name === first),
    ...wanted.filter(({ name }) => name !== first)
  ];
}
