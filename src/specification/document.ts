/** A specification's text read as YAML, with what the form shows of it. */

import type { Document, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { IMatchSpec } from './matchspec';
import { splitMatchSpec } from './matchspec';

/** The keys that conda-store reads. */
export const KNOWN_KEYS = [
  'name',
  'description',
  'channels',
  'dependencies',
  'variables',
  'prefix'
];

/** A line of a list that the form shows. */
export interface IEntry {
  /** Its place in the list of the document. */
  readonly index: number;
  /** The text of the line, as it is written there. */
  readonly text: string;
}

/** A package that conda installs. */
export interface IPackageEntry extends IEntry, IMatchSpec {}

/** The parts of a specification that the form shows. */
export interface ISpecificationContent {
  readonly name: string;
  readonly description: string;
  readonly channels: ReadonlyArray<IEntry>;
  readonly packages: ReadonlyArray<IPackageEntry>;
  readonly pip: ReadonlyArray<IEntry>;
  /** The keys that only the YAML shows. */
  readonly others: ReadonlyArray<string>;
}

/** Read YAML as conda-store's own reader does, which is YAML 1.1 (so that `yes` is no text). */
export function parse(text: string): Document.Parsed {
  return parseDocument(text, { version: '1.1', prettyErrors: false });
}

/**
 * Read the content of a specification.
 *
 * @returns null when it cannot be shown as a form: broken YAML, or lists that are none.
 */
export function readContent(text: string): ISpecificationContent | null {
  const doc = parse(text);
  const map = rootOf(doc);
  if (doc.errors.length || !map) {
    return null;
  }
  const channels = listOf(map, 'channels');
  const dependencies = listOf(map, 'dependencies');
  const pip = dependencies && pipOf(dependencies);
  if (!channels || !dependencies || pip === undefined) {
    return null;
  }
  return {
    name: textOf(map, 'name'),
    description: textOf(map, 'description'),
    channels: entriesOf(channels),
    packages: entriesOf(dependencies).map(entry => ({
      ...entry,
      ...splitMatchSpec(entry.text)
    })),
    pip: pip ? entriesOf(pip) : [],
    others: map.items
      .map(pair => keyOf(pair.key))
      .filter(key => !KNOWN_KEYS.slice(0, 4).includes(key))
  };
}

/** The document's mapping; a new one for an empty document; null when it is something else. */
export function rootOf(doc: Document): YAMLMap | null {
  if (doc.contents === null) {
    return doc.createNode({}) as YAMLMap;
  }
  if (isScalar(doc.contents) && doc.contents.value === null) {
    return doc.createNode({}) as YAMLMap;
  }
  return isMap(doc.contents) ? doc.contents : null;
}

/** A key of a mapping as text. */
export function keyOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

/** The list of `- pip:` below `dependencies`; null when there is none, undefined when it is no list. */
export function pipOf(dependencies: YAMLSeq): YAMLSeq | null | undefined {
  for (const item of dependencies.items) {
    if (isMap(item) && item.has('pip')) {
      const pip = item.get('pip', true) as unknown;
      return isSeq(pip)
        ? pip
        : isScalar(pip) && pip.value === null
          ? null
          : undefined;
    }
  }
  return null;
}

/** The list below a key; an empty one where there is none, null where it is no list. */
function listOf(map: YAMLMap, key: string): YAMLSeq | null {
  const node = map.get(key, true) as unknown;
  if (isSeq(node)) {
    return node;
  }
  const nothing =
    node === undefined ||
    node === null ||
    (isScalar(node) && node.value === null);
  return nothing && !isAlias(node) ? ({ items: [] } as never) : null;
}

/** The lines of a list that are text. */
function entriesOf(list: YAMLSeq): IEntry[] {
  return list.items.flatMap((item, index) =>
    isScalar(item) && typeof item.value === 'string'
      ? [{ index, text: item.value }]
      : []
  );
}

/** The text below a key; empty when there is none. */
function textOf(map: YAMLMap, key: string): string {
  const value = map.get(key);
  return typeof value === 'string' ? value : '';
}

/** The pair of a key. */
export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find(pair => keyOf(pair.key) === key) as Pair | undefined;
}

/** The plain value of a pair; undefined for what is no scalar. */
export function valueOf(pair: Pair): unknown {
  if (pair.value === null) {
    return null;
  }
  return isScalar(pair.value) ? pair.value.value : undefined;
}
