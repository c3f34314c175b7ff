/** The tree as a flat list of rows, the way it is drawn and walked with the keyboard. */

import { fullName } from '../../api/names';
import type {
  EnvironmentsModel,
  IPin,
  IVisibleRange,
  NamespaceRows
} from '../../model';
import { environmentRows } from './environmentrows';
import type { Row, Section } from './rowkinds';

/** Return the key of a section's folding beside those of namespaces, none of which has such a name. */
export const sectionKey = (section: Section): string => `:${section}`;

/** All rows that are not folded away, top to bottom. A search unfolds every namespace, and has no sections. */
export function rowsOf(model: EnvironmentsModel): Row[] {
  const searching = !!model.search.text.trim();
  const { pins, folding, namespaceRows } = model;
  const sections = (
    searching
      ? []
      : [
          ['favourites', pins.favourites],
          ['recent', pins.recent]
        ]
  ) as [Section, IPin[]][];
  const used = sections.filter(([, members]) => members.length);
  const siblings = used.length + namespaceRows.length;
  const rows: Row[] = [];
  let position = 0;
  for (const [section, members] of used) {
    const expanded = !folding.isFolded(sectionKey(section));
    rows.push({
      kind: 'section',
      id: `section:${section}`,
      level: 1,
      position: ++position,
      siblings,
      expanded,
      section
    });
    if (expanded) {
      members.forEach((pin, index) =>
        rows.push(...pinRows(model, pin, section, index, members.length))
      );
    }
  }
  for (const namespace of namespaceRows) {
    const { count } = namespace;
    const expanded = count
      ? searching || !folding.isFolded(namespace.name)
      : null;
    rows.push({
      kind: 'namespace',
      id: `namespace:${namespace.name}`,
      level: 1,
      position: ++position,
      siblings,
      expanded,
      namespace: namespace.name,
      count,
      may: model.namespaces.may(namespace.name)
    });
    if (expanded) {
      addMembers(model, namespace, rows);
    }
  }
  return rows;
}

/** Add the rows below a namespace, filtered where they are known. */
function addMembers(
  model: EnvironmentsModel,
  { name: namespace, rows: all }: NamespaceRows,
  rows: Row[]
): void {
  const filtered = model.filter.launchable && !model.listing.filtered;
  // Array.from fills the holes; `map` and `filter` would leave them out.
  const places = Array.from(all, (environment, index) => ({
    environment,
    index
  }));
  const shown = filtered
    ? places.filter(
        place => !place.environment || model.isShown(place.environment)
      )
    : places;
  shown.forEach(({ environment, index }, at) => {
    if (environment) {
      rows.push(
        ...environmentRows(model, environment, null, index, at, shown.length)
      );
    } else {
      rows.push({
        kind: 'placeholder',
        id: `placeholder:${namespace}:${index}`,
        level: 2,
        position: at + 1,
        siblings: shown.length,
        expanded: null,
        namespace,
        index,
        name: null
      });
    }
  });
}

/** The rows of an environment in a section. */
function pinRows(
  model: EnvironmentsModel,
  pin: IPin,
  section: Section,
  index: number,
  siblings: number
): Row[] {
  const { namespace, name, environment } = pin;
  return environment
    ? environmentRows(model, environment, section, index, index, siblings)
    : [
        {
          kind: 'placeholder',
          id: `${section}:${fullName(pin)}`,
          level: 2,
          position: index + 1,
          siblings,
          expanded: null,
          namespace,
          index: null,
          name
        }
      ];
}

/** The ranges of the namespaces' rows that some rows of the tree cover. */
export function visibleRanges(rows: ReadonlyArray<Row>): IVisibleRange[] {
  const ranges = new Map<string, { from: number; to: number }>();
  const include = (namespace: string, index: number) => {
    const { from, to } = ranges.get(namespace) ?? { from: index, to: index };
    ranges.set(namespace, {
      from: Math.min(from, index),
      to: Math.max(to, index + 1)
    });
  };
  for (const row of rows) {
    if (row.kind === 'placeholder' && row.index !== null) {
      include(row.namespace, row.index);
    } else if (row.kind === 'environment' && !row.section) {
      include(row.environment.namespace, row.index);
    }
  }
  return [...ranges].map(([namespace, range]) => ({ namespace, ...range }));
}

/** The row that unfolds into this one, if there is one above. */
export function parentOf(
  rows: ReadonlyArray<Row>,
  index: number
): Row | undefined {
  const { level } = rows[index];
  for (let above = index - 1; above >= 0; above--) {
    if (rows[above].level < level) {
      return rows[above];
    }
  }
  return undefined;
}
