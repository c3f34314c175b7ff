/** The request for a repository, and its form in a link. */

import type { IRepositoryRequest } from '../../api/repositories';

/** The request before anything is written. */
export const EMPTY: IRepositoryRequest = {
  repository: '',
  ref: '',
  path: '',
  environment: '',
  manifest: '',
  folder: '',
  beside: false
};

/** Return the request that the query of a link names; the parts that it does not name are left out. */
export function readQuery(query: string): Partial<IRepositoryRequest> {
  const given = new URLSearchParams(query);
  return {
    repository: given.get('repository') ?? '',
    ref: given.get('ref') ?? '',
    path: given.get('path') ?? '',
    environment: given.get('environment') ?? ''
  };
}
