/** The first answer to a search, which often is the only one. */

import type { IApi } from '../../api';
import type { IEnvironmentPage } from '../../tokens';

/** Environments asked for at first: the most that the server gives in one answer. */
export const FIRST_SIZE = 100;

/**
 * Ask for the first environments.
 *
 * @param launchable - Whether to leave out what cannot be launched, where the others fit into one answer.
 * @returns The environments, and whether what cannot be launched was left out.
 * @throws CondaStoreError
 */
export async function firstPage(
  api: Pick<IApi, 'environments'>,
  search: string,
  launchable: boolean
): Promise<[IEnvironmentPage, boolean]> {
  const ask = (filtered: boolean) =>
    api.environments(search, 1, undefined, FIRST_SIZE, filtered);
  if (launchable) {
    const answer = await ask(true);
    if (answer.count <= answer.environments.length) {
      return [answer, true];
    }
  }
  return [await ask(false), false];
}
