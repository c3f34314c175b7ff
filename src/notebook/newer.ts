/** The check for a newer build of the environment that a notebook runs on. */

import type {
  IBuildReference,
  IEnvironment,
  INotebookRecord,
  INotebookStatus
} from '../tokens';

/**
 * The environment's active build, if that is newer than the one that runs; else null.
 *
 * @param environments - Those that are listed, whose active builds are the latest known.
 * @param running - The build of the notebook's kernel.
 * @param status - Its status when it was last requested.
 */
export function newerBuild(
  environments: ReadonlyArray<IEnvironment>,
  running: INotebookRecord | null,
  status: INotebookStatus | null
): IBuildReference | null {
  const { namespace, environment, build_id } = running ?? {};
  const elsewhere = status?.state === 'elsewhere';
  if (!namespace || !environment || !build_id || elsewhere) {
    return null;
  }
  const listed = environments.find(
    row => row.namespace === namespace && row.name === environment
  );
  const active = listed?.launchable
    ? listed.current_build_id
    : (status?.active_build_id ?? null);
  return active !== null && active > build_id
    ? { namespace, environment, build_id: active }
    : null;
}
