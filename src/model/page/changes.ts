/** The two builds that are compared. */

import type { IBuild } from '../../tokens';

/** Two builds; null where there is none to take. */
export interface IPair {
  readonly since: number | null;
  readonly id: number | null;
}

/**
 * The builds to compare when nobody chose: the active one against the one before it that was
 * completed, or, when it is the oldest, against the newest other one.
 *
 * @param builds - Newest first.
 */
export function defaultPair(
  builds: ReadonlyArray<IBuild>,
  active: number | null
): IPair {
  const completed = builds.filter(build => build.status === 'COMPLETED');
  const id =
    completed.find(build => build.id === active)?.id ??
    completed[0]?.id ??
    null;
  return { since: id === null ? null : partner(completed, id), id };
}

/**
 * The builds to compare when someone chose one: it and the active one, the older of them first; the
 * active one and its predecessor when it is the active one that was chosen.
 *
 * @param builds - Newest first.
 */
export function pairWith(
  builds: ReadonlyArray<IBuild>,
  active: number | null,
  chosen: number
): IPair {
  const completed = builds.filter(build => build.status === 'COMPLETED');
  const other = completed.find(build => build.id === active)?.id;
  return other === undefined || other === chosen
    ? { since: partner(completed, chosen), id: chosen }
    : { since: Math.min(other, chosen), id: Math.max(other, chosen) };
}

/** The build before this one, or the newest other one. */
function partner(builds: ReadonlyArray<IBuild>, id: number): number | null {
  const before = builds.find(build => build.id < id);
  return (before ?? builds.find(build => build.id !== id))?.id ?? null;
}
