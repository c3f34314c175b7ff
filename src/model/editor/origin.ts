/** The specification that a draft of an existing environment begins with. */

import type { IApi } from '../../api';
import { toErrorInfo } from '../../api/request';
import type { IEnvironment } from '../../tokens';
import type { IDraft } from './draft';

/**
 * The text of the build that the draft names, or of the active one; null when there is no build.
 *
 * @throws CondaStoreError
 */
export async function originOf(
  api: Pick<IApi, 'builds' | 'buildSpecification'>,
  row: IEnvironment,
  build: number | null
): Promise<Partial<IDraft> | null> {
  const { namespace, name, current_build_id } = row;
  const newest = await newestBuild(api, namespace, name);
  const since = build ?? current_build_id ?? newest;
  if (since === null) {
    return null;
  }
  const { text, is_lockfile } = await api.buildSpecification(since);
  return { text, saved: text, is_lockfile, name, since, newest };
}

/** The newest build of an environment; null when there is no such environment, or no build. */
export async function newestBuild(
  api: Pick<IApi, 'builds'>,
  namespace: string,
  name: string
): Promise<number | null> {
  try {
    const { builds } = await api.builds(namespace, name, 1);
    return builds.reduce<number | null>(
      (newest, { id }) => Math.max(newest ?? id, id),
      null
    );
  } catch (reason) {
    if (toErrorInfo(reason).code === 'not_found') {
      return null;
    }
    throw reason;
  }
}
