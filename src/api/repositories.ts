/** Git repositories, asked over HTTP. */

import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Routes, messagesFrom } from './routes';
import type { components } from './schema';

type Schemas = components['schemas'];

/** The parts of a repository to look at; what is empty is left to the repository. */
export type IRepositoryRequest = Required<Schemas['RepositoryRequest']>;
export type IOpenRequest = Schemas['OpenRequest'];
export type IRepositoryLook = Schemas['RepositoryLook'];
export type IRepositoryStep = Schemas['RepositoryStep'];
export type IRepositoryNames = Schemas['RepositoryNames'];
export type IRepositoryLink = Schemas['RepositoryLink'];
export type IOpenedRepository = Schemas['OpenedRepository'];
export type IRepositoryChanges = Schemas['RepositoryChanges'];
export type IChangesRequest = Schemas['ChangesRequest'];
export type IWriteBackRequest = Schemas['WriteBackRequest'];
export type IWrittenBack = Schemas['WrittenBack'];
export type IVisit = Schemas['Visit'];

/** The source that the model gets it from; tests put another one in its place. */
export interface IRepositoriesApi {
  /** Begin to look at a repository. */
  look(request: IRepositoryRequest): Promise<IVisit>;
  /** Begin to open a repository. */
  open(request: IOpenRequest): Promise<IVisit>;
  /** Return the progress of a look or an opening. */
  visit(id: string): Promise<IVisit>;
  cancel(id: string): Promise<IVisit>;
  /** Its branches and tags. */
  names(repository: string): Promise<IRepositoryNames>;
  /** Return the changes in a clone, and what would be added to them. */
  changes(request: IChangesRequest): Promise<IRepositoryChanges>;
  /** Begin to commit and push it. */
  write(request: IWriteBackRequest): Promise<IVisit>;
  /** The link to a file or folder of a clone, on an environment if one is named. */
  link(path: string, environment: string): Promise<IRepositoryLink>;
}

/** The routes as the server extension has them. Every method throws CondaStoreError. */
export class RepositoriesApi extends Routes implements IRepositoriesApi {
  constructor(settings: ServerConnection.ISettings, trans: TranslationBundle) {
    super(settings, messagesFrom(trans));
  }

  look(request: IRepositoryRequest): Promise<IVisit> {
    return this.send('POST', 'repositories/looks', request);
  }

  open(request: IOpenRequest): Promise<IVisit> {
    return this.send('POST', 'repositories/openings', request);
  }

  visit(id: string): Promise<IVisit> {
    return this.get(`repositories/visits/${encodeURIComponent(id)}`);
  }

  cancel(id: string): Promise<IVisit> {
    const path = `repositories/visits/${encodeURIComponent(id)}/cancel`;
    return this.send('POST', path);
  }

  names(repository: string): Promise<IRepositoryNames> {
    return this.send('POST', 'repositories/names', { repository });
  }

  changes(request: IChangesRequest): Promise<IRepositoryChanges> {
    return this.send('POST', 'repositories/changes', request);
  }

  write(request: IWriteBackRequest): Promise<IVisit> {
    return this.send('POST', 'repositories/writings', request);
  }

  link(path: string, environment: string): Promise<IRepositoryLink> {
    const query = URLExt.objectToQueryString({ path, environment });
    return this.get(`repositories/link${query}`);
  }
}
