/** Edits of a specification's text: each takes text and returns text, keeping comments and unknown keys. */

import type { Document, YAMLMap, YAMLSeq } from 'yaml';
import { isMap, isScalar, isSeq, Pair } from 'yaml';
import { keyOf, parse, pipOf, rootOf } from './document';
import type { IMatchSpec } from './matchspec';
import { joinMatchSpec, packageName } from './matchspec';

/** A specification to begin with. */
export function newSpecification(
  name: string,
  channels: string[] = ['conda-forge'],
  packages: string[] = ['python', 'ipykernel']
): string {
  const text = ['channels:', ...channels.map(channel => `  - ${channel}`)];
  text.push('dependencies:', ...packages.map(entry => `  - ${entry}`));
  return setName(`name: x\n${text.join('\n')}\n`, name);
}

/** Give the environment another name. */
export function setName(text: string, name: string): string {
  return edit(text, (doc, map) => setText(doc, map, 'name', name, 0));
}

/** Give it another description; an empty one goes. */
export function setDescription(text: string, description: string): string {
  return edit(text, (doc, map) => {
    if (description) {
      const after = map.items.findIndex(pair => keyOf(pair.key) === 'name') + 1;
      setText(doc, map, 'description', description, after);
    } else {
      map.delete('description');
    }
  });
}

/** Put these channels in place of the old ones, first choice first; those that stay keep their comments. */
export function setChannels(
  text: string,
  channels: ReadonlyArray<string>
): string {
  return edit(text, (doc, map) => {
    const list = ensureList(doc, map, 'channels');
    const old = new Map(
      list.items.map(item => [isScalar(item) ? item.value : item, item])
    );
    list.items = channels.map(
      channel => old.get(channel) ?? doc.createNode(channel)
    );
  });
}

/** Add a package behind the last one; one that is listed already stays as it is. */
export function addPackage(text: string, spec: string): string {
  return edit(text, (doc, map) => {
    const list = ensureList(doc, map, 'dependencies');
    insertPackage(doc, list, spec.trim());
  });
}

/** Write a package's line anew; its comment stays. */
export function updatePackage(
  text: string,
  index: number,
  spec: IMatchSpec
): string {
  return edit(text, (doc, map) => {
    const list = ensureList(doc, map, 'dependencies');
    setEntry(doc, list, index, joinMatchSpec(spec));
  });
}

/** Take a package's line away. */
export function removePackage(text: string, index: number): string {
  return edit(text, (doc, map) => {
    removeEntry(ensureList(doc, map, 'dependencies'), index);
  });
}

/** Add a line for pip, and pip itself where it is not listed. */
export function addPip(text: string, requirement: string): string {
  return edit(text, (doc, map) => {
    const list = ensureList(doc, map, 'dependencies');
    insertPackage(doc, list, 'pip');
    let pip = pipOf(list);
    if (!pip) {
      list.items = list.items.filter(item => !isPipSection(item));
      list.add(doc.createNode({ pip: [] }));
      pip = pipOf(list)!;
      pip.flow = false;
    }
    pip.flow = pip.items.length ? pip.flow : false;
    pip.add(doc.createNode(requirement.trim()));
  });
}

/** Write a line for pip anew; its comment stays. */
export function updatePip(
  text: string,
  index: number,
  requirement: string
): string {
  return edit(text, (doc, map) => {
    const pip = pipOf(ensureList(doc, map, 'dependencies'));
    if (pip) {
      setEntry(doc, pip, index, requirement.trim());
    }
  });
}

/** Take a line for pip away, and the section with the last one. */
export function removePip(text: string, index: number): string {
  return edit(text, (doc, map) => {
    const list = ensureList(doc, map, 'dependencies');
    const pip = pipOf(list);
    if (pip) {
      removeEntry(pip, index);
      if (!pip.items.length) {
        list.items = list.items.filter(item => !isPipSection(item));
      }
    }
  });
}

/** Read, change, write; text that is no mapping is left alone. */
function edit(
  text: string,
  change: (doc: Document, map: YAMLMap) => void
): string {
  const doc = parse(text);
  const map = rootOf(doc);
  if (doc.errors.length || !map) {
    return text;
  }
  doc.contents = map as never;
  map.flow = map.items.length ? map.flow : false;
  change(doc, map);
  return doc.toString({
    lineWidth: 0,
    flowCollectionPadding: /[[{] /.test(text),
    indent: /^ {4}- /m.test(text) ? 4 : 2,
    indentSeq: !/^[\w"'-]+:[^\S\n]*(#.*)?\n(\s*#.*\n)*- /m.test(text)
  });
}

/** Set a text, keeping the comment and the quotes of the old one. */
function setText(
  doc: Document,
  map: YAMLMap,
  key: string,
  value: string,
  place: number
): void {
  const old = map.get(key, true) as unknown;
  if (isScalar(old)) {
    // A block of several lines cannot hold every text, and nothing needs its quotes no longer.
    if (old.type?.startsWith('BLOCK') || !old.value) {
      delete old.type;
    }
    old.value = value;
  } else if (map.has(key)) {
    map.set(key, doc.createNode(value));
  } else {
    const pair = new Pair(doc.createNode(key), doc.createNode(value));
    map.items.splice(place, 0, pair);
  }
}

/** The list below a key, made where there is none. */
function ensureList(doc: Document, map: YAMLMap, key: string): YAMLSeq {
  const old = map.get(key, true) as unknown;
  if (isSeq(old)) {
    // `[]` is how an empty list has to be written, not how somebody chose to write it.
    old.flow = old.items.length ? old.flow : false;
    return old;
  }
  const list = doc.createNode([]) as YAMLSeq;
  list.flow = false;
  map.set(key, list);
  return list;
}

/** Add a package in front of the section for pip, unless it is listed. */
function insertPackage(doc: Document, list: YAMLSeq, spec: string): void {
  const listed = list.items.some(
    item =>
      isScalar(item) &&
      typeof item.value === 'string' &&
      packageName(item.value) === packageName(spec)
  );
  if (listed) {
    return;
  }
  const section = list.items.findIndex(isPipSection);
  const place = section < 0 ? list.items.length : section;
  list.items.splice(place, 0, doc.createNode(spec));
}

/** Change a line's text. */
function setEntry(
  doc: Document,
  list: YAMLSeq,
  index: number,
  text: string
): void {
  const item = list.items[index];
  if (isScalar(item)) {
    item.value = text;
  } else if (index < list.items.length) {
    list.items[index] = doc.createNode(text);
  }
}

/** Take a line away; a comment that stood above it stays where the next line is. */
function removeEntry(list: YAMLSeq, index: number): void {
  list.items.splice(index, 1);
}

/** Tell whether a line of `dependencies` is the section for pip. */
function isPipSection(item: unknown): boolean {
  return isMap(item) && item.has('pip');
}
