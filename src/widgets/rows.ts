/** The tree as a flat list of rows, the way it is drawn and walked with the keyboard. */

import type { EnvironmentsModel, IRowState } from '../model';
import { isActive } from '../model';
import type { IBuild, IBuildReference, IEnvironment } from '../tokens';

interface IRowBase {
  /** Unique among the rows, and the same as long as the row lives. */
  readonly id: string;
  /** Depth in the tree, from 1. */
  readonly level: number;
  /** Place among its siblings, from 1. */
  readonly position: number;
  /** How many siblings there are, itself included; -1 when not all are known. */
  readonly siblings: number;
  /** Whether it is unfolded; null when there is nothing to unfold. */
  readonly expanded: boolean | null;
}

/** A namespace. */
export interface INamespaceRow extends IRowBase {
  readonly kind: 'namespace';
  readonly namespace: string;
}

/** An environment. */
export interface IEnvironmentRow extends IRowBase {
  readonly kind: 'environment';
  readonly environment: IEnvironment;
  readonly state: IRowState;
}

/** A build of the environment above it. */
export interface IBuildRow extends IRowBase {
  readonly kind: 'build';
  readonly build: IBuild;
  readonly state: IRowState;
  /** Whether it is its environment's active build. */
  readonly current: boolean;
}

/** What there is to say instead of, or after, an environment's builds. */
export interface INoteRow extends IRowBase {
  readonly kind: 'note';
  readonly environment: IEnvironment;
  readonly note: 'loading' | 'none' | 'more' | 'error';
  /** How many builds are shown, and how many there are. */
  readonly shown: number;
  readonly count: number;
  /** The sentence of an error. */
  readonly message: string;
}

/** A row of the tree. */
export type Row = INamespaceRow | IEnvironmentRow | IBuildRow | INoteRow;

/** All rows that are not folded away, top to bottom. A search unfolds every namespace. */
export function rowsOf(model: EnvironmentsModel): Row[] {
  const namespaces = new Map<string, IEnvironment[]>();
  for (const environment of model.environments) {
    const members = namespaces.get(environment.namespace) ?? [];
    members.push(environment);
    namespaces.set(environment.namespace, members);
  }
  const rows: Row[] = [];
  const open = model.listing.hasMore;
  let position = 0;
  for (const [namespace, environments] of namespaces) {
    const last = ++position === namespaces.size;
    const expanded =
      !!model.searchText.trim() || !model.folding.isFolded(namespace);
    rows.push({
      kind: 'namespace',
      id: `namespace:${namespace}`,
      level: 1,
      position,
      siblings: open ? -1 : namespaces.size,
      expanded,
      namespace
    });
    if (expanded) {
      const siblings = last && open ? -1 : environments.length;
      environments.forEach((environment, index) => {
        rows.push(...environmentRows(model, environment, index, siblings));
      });
    }
  }
  return rows;
}

/** An environment's row, and those of its builds when they are unfolded. */
function environmentRows(
  model: EnvironmentsModel,
  environment: IEnvironment,
  index: number,
  siblings: number
): Row[] {
  const expanded = model.folding.isUnfolded(environment);
  const id = `environment:${environment.namespace}/${environment.name}`;
  const row: IEnvironmentRow = {
    kind: 'environment',
    id,
    level: 2,
    position: index + 1,
    siblings,
    expanded,
    environment,
    state: model.stateOf(environment)
  };
  return expanded ? [row, ...buildRows(model, environment, id)] : [row];
}

/** The rows below an unfolded environment. */
function buildRows(
  model: EnvironmentsModel,
  environment: IEnvironment,
  parent: string
): Row[] {
  const { builds, count, loading, error } = model.builds.of(
    environment.namespace,
    environment.name
  );
  const rows: Row[] = builds.map((build, index) => ({
    kind: 'build',
    id: `build:${build.id}`,
    level: 3,
    position: index + 1,
    siblings: count,
    expanded: null,
    build,
    state: model.stateOfBuild(build),
    current: build.id === environment.current_build_id
  }));
  const note = error
    ? 'error'
    : !builds.length
      ? loading
        ? 'loading'
        : 'none'
      : builds.length < count
        ? 'more'
        : null;
  if (note) {
    rows.push({
      kind: 'note',
      id: `${parent}:${note}`,
      level: 3,
      position: builds.length + 1,
      siblings: Math.max(count, builds.length + 1),
      expanded: null,
      environment,
      note,
      shown: builds.length,
      count,
      message: error?.message ?? ''
    });
  }
  return rows;
}

/** The row that unfolds into this one, if there is one above. */
export function parentOf(
  rows: ReadonlyArray<Row>,
  index: number
): Row | undefined {
  const { level } = rows[index];
  return rows
    .slice(0, index)
    .reverse()
    .find(row => row.level < level);
}

/** What a row's actions act on: an environment's active build, or one build; null for other rows. */
export function referenceOf(row: Row): IBuildReference | null {
  switch (row.kind) {
    case 'environment': {
      const { copy, kind } = row.state;
      const made = copy && (kind === 'ready' || isActive(copy));
      return {
        namespace: row.environment.namespace,
        environment: row.environment.name,
        build_id: made ? copy.build_id : null
      };
    }
    case 'build': {
      const { namespace, environment, id } = row.build;
      return { namespace, environment, build_id: id };
    }
    default:
      return null;
  }
}
