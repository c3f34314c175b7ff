/** The branches and tags of a repository. */

import type {
  IRepositoriesApi,
  IRepositoryNames,
  IRepositoryRequest
} from '../../api/repositories';

/** The names that the repository has; where it does not say, nothing is offered. */
export class Names {
  /**
   * @param request - The request whose repository is meant.
   * @param changed - Called after every change of a field.
   */
  constructor(
    private readonly _api: Pick<IRepositoriesApi, 'names'>,
    private readonly _request: () => IRepositoryRequest,
    private readonly _changed: () => void
  ) {}

  /** The branches and tags; null while they are not known. */
  current: IRepositoryNames | null = null;

  /** Ask which there are, unless they are known. */
  async ask(): Promise<void> {
    const { repository } = this._request();
    if (!repository.trim() || this.current) {
      return;
    }
    const names = await this._api.names(repository).catch(() => null);
    if (repository === this._request().repository) {
      this.current = names;
      this._changed();
    }
  }
}
