/** What of a repository is asked for, and how a link says it. */

import type { IRepositoryRequest } from '../../api/repositories';

/** What is asked for before anything is written. */
export const EMPTY: IRepositoryRequest = {
  repository: '',
  ref: '',
  path: '',
  environment: '',
  manifest: '',
  folder: '',
  beside: false
};

/** What the query of a link names; what it does not name is empty. */
export function readQuery(query: string): Partial<IRepositoryRequest> {
  const given = new URLSearchParams(query);
  return {
    repository: given.get('repository') ?? '',
    ref: given.get('ref') ?? '',
    path: given.get('path') ?? '',
    environment: given.get('environment') ?? ''
  };
}
