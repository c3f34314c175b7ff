/** The environments of this machine and of further providers, live. */

import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal, IStream } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type {
  ICreateRequest,
  IPackageRequest,
  IProvidedEnvironment,
  IProvider,
  IProvidersApi
} from '../../api/providers';
import { toErrorInfo } from '../../api/request';
import type { IErrorInfo, IKernel } from '../../tokens';
import { Jobs } from './jobs';

/** The provider whose environments the panel lists by namespace. */
const LISTED_BY_NAMESPACE = 'conda-store';

/** A provider with its environments, or why there are none. */
export interface IProviderSection {
  readonly provider: IProvider;
  readonly environments: ReadonlyArray<IProvidedEnvironment>;
  /** The parts that were left out; null for nothing. */
  readonly problem: string | null;
  readonly error: IErrorInfo | null;
}

/** Lists them on request, and when a job has ended. */
export class ProvidersModel implements IDisposable {
  /**
   * @param events - The Jupyter server's events, if it has them.
   * @param poll - Milliseconds between two requests for the jobs without events.
   */
  constructor(
    private readonly _api: IProvidersApi,
    events: IStream<unknown, ReadonlyJSONObject> | null = null,
    poll?: number
  ) {
    this.jobs = new Jobs(_api, events, poll);
    this.jobs.changed.connect(this._changed, this);
    this.jobs.ended.connect(() => void this.refresh());
  }

  readonly jobs: Jobs;

  /** Emitted after every change. */
  get stateChanged(): ISignal<this, void> {
    return this._stateChanged;
  }

  /** The providers to show; null before the first answer. */
  get sections(): ReadonlyArray<IProviderSection> | null {
    return this._sections;
  }

  /** The reason why the providers are not known; null when they are. */
  get error(): IErrorInfo | null {
    return this._error;
  }

  /** The folder whose own environments come first, a path of Jupyter's files. */
  get folder(): string {
    return this._folder;
  }

  get isDisposed(): boolean {
    return this._ended;
  }

  dispose(): void {
    this._ended = true;
    this.jobs.dispose();
    Signal.clearData(this);
  }

  /** List them again, for another folder if it is given. */
  async refresh(folder = this._folder): Promise<void> {
    this._folder = folder;
    this.jobs.resume();
    const asked = ++this._asked;
    try {
      const providers = await this._api.providers();
      const shown = providers.filter(({ id }) => id !== LISTED_BY_NAMESPACE);
      const sections = await Promise.all(
        shown.map(provider => this._section(provider))
      );
      this._error = null;
      if (asked === this._asked) {
        this._sections = sections;
        for (const { provider, environments, error: failed } of sections) {
          if (!failed) {
            this._remember(provider.id, folder, environments);
          }
        }
      }
    } catch (reason) {
      this._error = toErrorInfo(reason);
    }
    this._changed();
  }

  /** The environment with that key, which may have been listed for another folder; null when there is none. */
  find(provider: string, key: string): IProvidedEnvironment | null {
    return this._seen.get(`${provider} ${key}`)?.environment ?? null;
  }

  /** The folder for which an environment was listed. */
  folderOf({
    provider,
    key
  }: Pick<IProvidedEnvironment, 'provider' | 'key'>): string {
    return this._seen.get(`${provider} ${key}`)?.folder ?? this._folder;
  }

  /**
   * Find an environment that was listed for a folder before the page was loaded.
   *
   * @throws CondaStoreError
   */
  async look(
    provider: string,
    key: string,
    folder: string
  ): Promise<IProvidedEnvironment | null> {
    if (!this.find(provider, key)) {
      const listing = await this._api.environments(provider, folder);
      this._remember(provider, folder, listing.environments);
      this._changed();
    }
    return this.find(provider, key);
  }

  /** The kernels of an environment, registered if they were not, the one to launch first. */
  async register(
    environment: IProvidedEnvironment,
    displayName = ''
  ): Promise<ReadonlyArray<IKernel>> {
    const kernels = await this._api.register(environment, displayName);
    await this.refresh();
    return kernels;
  }

  /** Begin to make an environment. */
  async create(provider: string, wanted: ICreateRequest): Promise<void> {
    this.jobs.follow(await this._api.create(provider, wanted));
  }

  /** Begin to change the packages of an environment. */
  async change(
    environment: IProvidedEnvironment,
    packages: IPackageRequest
  ): Promise<void> {
    this.jobs.follow(await this._api.change(environment, packages));
  }

  /** Begin to make an environment anew whose Python is gone. */
  async recreate(environment: IProvidedEnvironment): Promise<void> {
    this.jobs.follow(await this._api.recreate(environment));
  }

  /** Remove an environment with its kernels. */
  async remove(environment: IProvidedEnvironment): Promise<void> {
    await this._api.remove(environment);
    this._seen.delete(`${environment.provider} ${environment.key}`);
    await this.refresh();
  }

  /** Keep what is listed for a folder in mind, and forget what is not any more. */
  private _remember(
    provider: string,
    folder: string,
    environments: ReadonlyArray<IProvidedEnvironment>
  ): void {
    for (const [name, seen] of this._seen) {
      if (seen.environment.provider === provider && seen.folder === folder) {
        this._seen.delete(name);
      }
    }
    for (const environment of environments) {
      this._seen.set(`${provider} ${environment.key}`, { environment, folder });
    }
  }

  private async _section(provider: IProvider): Promise<IProviderSection> {
    try {
      const listing = await this._api.environments(provider.id, this._folder);
      return { provider, ...listing, error: null };
    } catch (reason) {
      const error = toErrorInfo(reason);
      return { provider, environments: [], problem: null, error };
    }
  }

  private _changed(): void {
    if (!this._ended) {
      this._stateChanged.emit();
    }
  }

  private readonly _seen = new Map<
    string,
    { environment: IProvidedEnvironment; folder: string }
  >();
  private _sections: ReadonlyArray<IProviderSection> | null = null;
  private _error: IErrorInfo | null = null;
  private _folder = '';
  private _asked = 0;
  private _ended = false;
  private readonly _stateChanged = new Signal<this, void>(this);
}
