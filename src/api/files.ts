/** Environments of lockfiles and archives, requested over HTTP. */

import { Routes } from './routes';
import type { components } from './schema';

type Schemas = components['schemas'];

export type IFileRequest = Schemas['FileCopyRequest'];

/** The source that the file browser's commands get them from; tests put another one in its place. */
export interface IFilesApi {
  /** Begin to make a file's environment; `not_trusted` until the user has said that its code may run. */
  begin(file: IFileRequest): Promise<Schemas['LocalCopy']>;
}

/** The routes as the server extension has them. Every method throws CondaStoreError. */
export class FilesApi extends Routes implements IFilesApi {
  begin(file: IFileRequest): Promise<Schemas['LocalCopy']> {
    return this.send('POST', 'copies/file', file);
  }
}
