/** The list that can be shown while the server was never heard of: the environments that are on this machine. */

import { fullName } from '../../api/names';
import type { IEnvironment, ILocalCopy } from '../../tokens';

/**
 * The environments that have a ready copy, as rows by namespace and name, each with its newest build.
 *
 * @param search - A part of `namespace/name`, in any case.
 */
export function localEnvironments(
  copies: ReadonlyArray<ILocalCopy>,
  search: string
): IEnvironment[] {
  const newest = new Map<string, ILocalCopy>();
  for (const copy of copies) {
    const name = fullName(copy);
    const wanted =
      copy.state === 'ready' &&
      name.toLowerCase().includes(search.toLowerCase());
    if (wanted && copy.build_id > (newest.get(name)?.build_id ?? -1)) {
      newest.set(name, copy);
    }
  }
  return [...newest.entries()]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([, copy]) => rowOf(copy));
}

/** A row for a copy; its id is negative because the server did not give it. */
function rowOf(copy: ILocalCopy): IEnvironment {
  return {
    id: -copy.build_id,
    namespace: copy.namespace,
    name: copy.environment,
    description: '',
    current_build_id: copy.build_id,
    status: 'COMPLETED',
    launchable: false,
    running_build_id: null,
    running_status: null,
    may: []
  };
}
