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
  /** The number of siblings, itself included; -1 when not all are known. */
  readonly siblings: number;
  /** True if it is unfolded; null when there is nothing to unfold. */
  readonly expanded: boolean | null;
}

/** A section above the namespaces. */
export type Section = 'favourites' | 'recent';

/** A namespace. */
export interface INamespaceRow extends IRowBase {
  readonly kind: 'namespace';
  readonly namespace: string;
  /** The number of its environments. */
  readonly count: number;
  /** The actions that the user may take on it; nothing while that is not known. */
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
  /** True if it is its environment's active build. */
  readonly current: boolean;
}

/** The note instead of, or after, an environment's builds. */
export interface INoteRow extends IRowBase {
  readonly kind: 'note';
  readonly environment: IEnvironment;
  readonly note: 'loading' | 'none' | 'more' | 'error';
  /** The number of builds that are shown, and the number of all builds. */
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

/** Return the target of a row's actions: an environment's active build, or one build; null for other rows. */
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

/** Return the actions that the user may take on the subject of a row, as far as that is known. */
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

/** Tell whether a namespace can be deleted: the user may, and nothing is in it. */
export function isDeletable(row: INamespaceRow): boolean {
  return !row.count && row.may.includes('delete');
}
