/** Whatever brings environments besides the namespaces of conda-store, asked over HTTP. */

import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { messagesFrom } from './http';
import type { IErrorInfo, IKernel } from './nouns';
import { request } from './request';

/** What the panel shows of a provider. */
export interface IProvider {
  id: string;
  title: string;
  creates: boolean;
  changes: boolean;
}

/** An environment as its provider lists it; `problem` is what keeps it from being launched. */
export interface IProvidedEnvironment {
  provider: string;
  key: string;
  name: string;
  display_name: string;
  kind: string;
  prefix: string | null;
  project: string | null;
  python: string | null;
  problem: IErrorInfo | null;
  kernels: ReadonlyArray<IKernel>;
}

/** A provider's environments; `problem` says what was left out. */
export interface IEnvironmentListing {
  environments: ReadonlyArray<IProvidedEnvironment>;
  problem: string | null;
}

/** An environment to make: of a folder, with what a file asks for; both are paths of Jupyter's files. */
export interface ICreateRequest {
  folder: string;
  name?: string;
  file?: string;
  python?: string;
}

/** Packages to add, to upgrade and to remove. */
export interface IPackageRequest {
  add?: ReadonlyArray<string>;
  upgrade?: ReadonlyArray<string>;
  remove?: ReadonlyArray<string>;
}

/** An environment in the making, or packages being changed. */
export interface IJob {
  id: string;
  provider: string;
  folder: string;
  state: string;
  log: string;
  environment: IProvidedEnvironment | null;
  error: IErrorInfo | null;
}

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
