/** The kinds of rows that the tree has. */

import type { IRowState } from '../../model';
import { isActive } from '../../model';
import type {
  IBuild,
  IBuildReference,
  IEnvironment,
  NamespaceAction
} from '../../tokens';

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

/** A section above the namespaces. */
export type Section = 'favourites' | 'recent';

/** A namespace. */
export interface INamespaceRow extends IRowBase {
  readonly kind: 'namespace';
  readonly namespace: string;
  /** How many environments it has. */
  readonly count: number;
  /** What the user may do with it; nothing while that is not known. */
  readonly may: ReadonlyArray<NamespaceAction>;
}

/** The user's favourites, or what was launched last, above the namespaces. */
export interface ISectionRow extends IRowBase {
  readonly kind: 'section';
  readonly section: Section;
}

/** An environment. */
export interface IEnvironmentRow extends IRowBase {
  readonly kind: 'environment';
  readonly environment: IEnvironment;
  readonly state: IRowState;
  /** The section that it stands in; null below its namespace. */
  readonly section: Section | null;
  /** Its place in the namespace, or in the section, from 0, whatever is filtered. */
  readonly index: number;
}

/** A placeholder for an environment that was not fetched yet. */
export interface IPlaceholderRow extends IRowBase {
  readonly kind: 'placeholder';
  readonly namespace: string;
  /** Its place in the namespace, from 0; null where it is known by its name. */
  readonly index: number | null;
  readonly name: string | null;
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
export type Row =
  | ISectionRow
  | INamespaceRow
  | IEnvironmentRow
  | IPlaceholderRow
  | IBuildRow
  | INoteRow;

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

/** What the user may do with what a row stands for, as far as that is known. */
export function mayOf(row: Row): ReadonlyArray<string> | undefined {
  switch (row.kind) {
    case 'environment':
      return row.environment.may;
    case 'namespace':
      return row.may;
    default:
      return undefined;
  }
}

/** Whether a namespace can be deleted: by who may, and once nothing is in it. */
export function isDeletable(row: INamespaceRow): boolean {
  return !row.count && row.may.includes('delete');
}
