/** Whatever brings environments besides the namespaces of conda-store, asked over HTTP. */

import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { messagesFrom } from './routes';
import type { IKernel } from './nouns';
import { request } from './request';
import type { components } from './schema';

type Schemas = components['schemas'];

export type IProvider = Schemas['Provider'];
export type IProvidedEnvironment = Schemas['ProvidedEnvironment'];
export type IEnvironmentListing = Schemas['EnvironmentListing'];
/** Its folder and its file are paths of Jupyter's files. */
export type ICreateRequest = Schemas['CreateRequest'];
export type IPackageRequest = Schemas['PackageRequest'];
export type IJob = Schemas['Job'];

/** Where the model gets it from; tests put another one in its place. */
export interface IProvidersApi {
  providers(): Promise<ReadonlyArray<IProvider>>;
  environments(provider: string, folder: string): Promise<IEnvironmentListing>;
  create(provider: string, wanted: ICreateRequest): Promise<IJob>;
  register(
    environment: IProvidedEnvironment,
    displayName?: string
  ): Promise<ReadonlyArray<IKernel>>;
  change(
    environment: IProvidedEnvironment,
    packages: IPackageRequest
  ): Promise<IJob>;
  remove(environment: IProvidedEnvironment): Promise<void>;
  jobs(): Promise<ReadonlyArray<IJob>>;
  cancel(job: string): Promise<IJob>;
}

/** The routes as the server extension has them. Every method throws CondaStoreError. */
export class ProvidersApi implements IProvidersApi {
  constructor(
    private readonly _settings: ServerConnection.ISettings,
    private readonly _trans: TranslationBundle
  ) {}

  async providers(): Promise<ReadonlyArray<IProvider>> {
    type Answer = { providers: ReadonlyArray<IProvider> };
    return (await this._ask<Answer>('GET', 'providers')).providers;
  }

  environments(provider: string, folder: string): Promise<IEnvironmentListing> {
    const query = URLExt.objectToQueryString({ folder });
    return this._ask('GET', `${pathOf(provider)}${query}`);
  }

  create(provider: string, wanted: ICreateRequest): Promise<IJob> {
    return this._ask('POST', pathOf(provider), wanted);
  }

  async register(
    environment: IProvidedEnvironment,
    displayName = ''
  ): Promise<ReadonlyArray<IKernel>> {
    type Answer = { kernels: ReadonlyArray<IKernel> };
    const path = `${pathOf(environment.provider, environment.key)}/kernels`;
    const body = { display_name: displayName };
    return (await this._ask<Answer>('POST', path, body)).kernels;
  }

  change(
    environment: IProvidedEnvironment,
    packages: IPackageRequest
  ): Promise<IJob> {
    const path = `${pathOf(environment.provider, environment.key)}/packages`;
    return this._ask('POST', path, packages);
  }

  remove(environment: IProvidedEnvironment): Promise<void> {
    return this._ask('DELETE', pathOf(environment.provider, environment.key));
  }

  async jobs(): Promise<ReadonlyArray<IJob>> {
    type Answer = { jobs: ReadonlyArray<IJob> };
    return (await this._ask<Answer>('GET', 'jobs')).jobs;
  }

  cancel(job: string): Promise<IJob> {
    return this._ask('POST', `jobs/${encodeURIComponent(job)}/cancel`);
  }

  private _ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    return request<T>(this._settings, messagesFrom(this._trans), path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    });
  }
}

function pathOf(provider: string, key?: string): string {
  const path = `providers/${encodeURIComponent(provider)}/environments`;
  return key === undefined ? path : `${path}/${encodeURIComponent(key)}`;
}
