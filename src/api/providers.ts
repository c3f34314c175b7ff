/** Whatever brings environments besides the namespaces of conda-store, asked over HTTP. */

import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IPromotion } from './additions';
import { messagesFrom } from './routes';
import type { IChanges, IKernel, IPackage } from './nouns';
import { request } from './request';
import type { components } from './schema';

type Schemas = components['schemas'];

export type IProvider = Schemas['Provider'];
export type IProvidedEnvironment = Schemas['ProvidedEnvironment'];
export type IEnvironmentListing = Schemas['EnvironmentListing'];
/** Its folder and its file are paths of Jupyter's files. */
export type ICreateRequest = Schemas['CreateRequest'];
export type IFolderEnvironment = Schemas['FolderEnvironment'];
export type IPackageRequest = Schemas['PackageRequest'];
export type IJob = Schemas['Job'];

/** The source that the model gets it from; tests put another one in its place. */
export interface IProvidersApi {
  providers(): Promise<ReadonlyArray<IProvider>>;
  environments(provider: string, folder: string): Promise<IEnvironmentListing>;
  /** The environment that the kernel of the folder of a notebook, at a path, starts from. */
  folderEnvironment(path: string): Promise<IFolderEnvironment>;
  create(provider: string, wanted: ICreateRequest): Promise<IJob>;
  register(
    environment: IProvidedEnvironment,
    displayName?: string
  ): Promise<ReadonlyArray<IKernel>>;
  change(
    environment: IProvidedEnvironment,
    packages: IPackageRequest
  ): Promise<IJob>;
  /** Begin to make one anew whose Python is gone. */
  recreate(environment: IProvidedEnvironment): Promise<IJob>;
  remove(environment: IProvidedEnvironment): Promise<void>;
  packages(environment: IProvidedEnvironment): Promise<ReadonlyArray<IPackage>>;
  /** Return the effect that a change of packages would have. */
  preview(
    environment: IProvidedEnvironment,
    packages: IPackageRequest
  ): Promise<IChanges>;
  /** The line that activates it in a terminal's shell. */
  activation(environment: IProvidedEnvironment): Promise<string>;
  /** Remember that what is in it may run, which somebody else made. */
  trust(environment: IProvidedEnvironment): Promise<void>;
  /** A specification with the packages that were asked for in it. */
  specification(environment: IProvidedEnvironment): Promise<IPromotion>;
  /** Have its project's new notebooks start on an environment of conda-store's; return the file that says so. */
  useInProject(
    environment: Pick<IProvidedEnvironment, 'provider' | 'key'>,
    name: string
  ): Promise<string>;
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
    type Response = { providers: ReadonlyArray<IProvider> };
    return (await this._ask<Response>('GET', 'providers')).providers;
  }

  environments(provider: string, folder: string): Promise<IEnvironmentListing> {
    const query = URLExt.objectToQueryString({ folder });
    return this._ask('GET', `${pathOf(provider)}${query}`);
  }

  folderEnvironment(path: string): Promise<IFolderEnvironment> {
    const query = URLExt.objectToQueryString({ path });
    return this._ask('GET', `notebooks/environment${query}`);
  }

  create(provider: string, wanted: ICreateRequest): Promise<IJob> {
    return this._ask('POST', pathOf(provider), wanted);
  }

  async register(
    environment: IProvidedEnvironment,
    displayName = ''
  ): Promise<ReadonlyArray<IKernel>> {
    type Response = { kernels: ReadonlyArray<IKernel> };
    const path = `${pathTo(environment)}/kernels`;
    const body = { display_name: displayName };
    return (await this._ask<Response>('POST', path, body)).kernels;
  }

  change(
    environment: IProvidedEnvironment,
    packages: IPackageRequest
  ): Promise<IJob> {
    return this._ask('POST', `${pathTo(environment)}/packages`, packages);
  }

  recreate(environment: IProvidedEnvironment): Promise<IJob> {
    return this._ask('POST', `${pathTo(environment)}/recreate`);
  }

  async packages(
    environment: IProvidedEnvironment
  ): Promise<ReadonlyArray<IPackage>> {
    type Response = { packages: ReadonlyArray<IPackage> };
    const path = `${pathTo(environment)}/packages`;
    return (await this._ask<Response>('GET', path)).packages;
  }

  preview(
    environment: IProvidedEnvironment,
    packages: IPackageRequest
  ): Promise<IChanges> {
    const path = `${pathTo(environment)}/packages/preview`;
    return this._ask('POST', path, packages);
  }

  async activation(environment: IProvidedEnvironment): Promise<string> {
    const path = `${pathTo(environment)}/activation`;
    return (await this._ask<{ line: string }>('GET', path)).line;
  }

  trust(environment: IProvidedEnvironment): Promise<void> {
    return this._ask('POST', `${pathTo(environment)}/trust`);
  }

  specification(environment: IProvidedEnvironment): Promise<IPromotion> {
    return this._ask('GET', `${pathTo(environment)}/specification`);
  }

  async useInProject(
    environment: Pick<IProvidedEnvironment, 'provider' | 'key'>,
    name: string
  ): Promise<string> {
    const path = `${pathTo(environment)}/project`;
    const body = { environment: name };
    return (await this._ask<{ path: string }>('POST', path, body)).path;
  }

  remove(environment: IProvidedEnvironment): Promise<void> {
    return this._ask('DELETE', pathTo(environment));
  }

  async jobs(): Promise<ReadonlyArray<IJob>> {
    type Response = { jobs: ReadonlyArray<IJob> };
    return (await this._ask<Response>('GET', 'jobs')).jobs;
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

/** The path of an environment's own routes. */
function pathTo({
  provider,
  key
}: Pick<IProvidedEnvironment, 'provider' | 'key'>): string {
  return pathOf(provider, key);
}

function pathOf(provider: string, key?: string): string {
  const path = `providers/${encodeURIComponent(provider)}/environments`;
  return key === undefined ? path : `${path}/${encodeURIComponent(key)}`;
}
