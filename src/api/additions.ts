/** The packages that users add to builds, requested over HTTP. */

import { query } from './paths';
import type { IJob } from './providers';
import { Routes } from './routes';
import type { components } from './schema';

type Schemas = components['schemas'];

export type IAddition = Schemas['Addition'];
export type IAdditionList = Schemas['AdditionList'];
export type IMissingModule = Schemas['MissingModule'];
export type IPromotion = Schemas['Promotion'];

/** The source that notebooks get them from; tests put another one in its place. */
export interface IAdditionsApi {
  /** Return the packages added to the build of a running kernel; null where that is none of conda-store's. */
  ofKernel(kernelId: string): Promise<IAdditionList | null>;
  /**
   * Begin to install packages, as pip's requirements.
   *
   * @param hide - Whether other versions of what the build itself has may come.
   */
  install(key: string, packages: string[], hide: boolean): Promise<IJob>;
  /** A job as it is now; null when it is forgotten. */
  job(id: string): Promise<IJob | null>;
  /** Keep what was added for the project of a folder. */
  keep(key: string, folder: string | null): Promise<IAdditionList>;
  discard(key: string): Promise<void>;
  /** The environment's specification with what was added, or with these packages alone. */
  promotion(key: string, packages: string[]): Promise<IPromotion>;
  /** Return the requirements of a notebook's own block that the build of its kernel lacks, as pip's. */
  lacking(path: string, kernelId: string): Promise<string[]>;
  /** A cell's text with packages in its block (PEP 723). */
  withBlock(source: string, packages: string[]): Promise<string>;
  /** The package that brings a module. */
  missingModule(name: string): Promise<IMissingModule>;
}

/** The routes as the server extension has them. Every method throws CondaStoreError. */
export class AdditionsApi extends Routes implements IAdditionsApi {
  async ofKernel(kernelId: string): Promise<IAdditionList | null> {
    type Answer = { lists: IAdditionList[] };
    const path = `additions?${query({ kernel_id: kernelId })}`;
    return (await this.get<Answer>(path)).lists[0] ?? null;
  }

  install(key: string, packages: string[], hide: boolean): Promise<IJob> {
    return this.send('POST', `additions/${key}/packages`, { packages, hide });
  }

  async job(id: string): Promise<IJob | null> {
    const { jobs } = await this.get<{ jobs: IJob[] }>('jobs');
    return jobs.find(job => job.id === id) ?? null;
  }

  keep(key: string, folder: string | null): Promise<IAdditionList> {
    return this.send('POST', `additions/${key}/project`, { folder });
  }

  discard(key: string): Promise<void> {
    return this.send('DELETE', `additions/${key}`);
  }

  promotion(key: string, packages: string[]): Promise<IPromotion> {
    return this.send('POST', `additions/${key}/promotion`, { packages });
  }

  async lacking(path: string, kernelId: string): Promise<string[]> {
    type Answer = Schemas['NotebookRequirements'];
    const asked = query({ path, kernel_id: kernelId });
    const route = `notebooks/requirements?${asked}`;
    return (await this.get<Answer>(route)).missing;
  }

  async withBlock(source: string, packages: string[]): Promise<string> {
    const body = { source, packages };
    const route = 'notebooks/requirements';
    return (await this.send<Schemas['Block']>('POST', route, body)).source;
  }

  missingModule(name: string): Promise<IMissingModule> {
    return this.get(`modules?${query({ name })}`);
  }
}
