/** The environments of this machine and of further providers, live. */

import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type {
  ICreateRequest,
  IJob,
  IProvidedEnvironment,
  IProvider,
  IProvidersApi
} from '../../api/providers';
import { toErrorInfo } from '../../api/request';
import type { IErrorInfo, IKernel } from '../../tokens';

/** The provider whose environments the panel lists by namespace. */
const LISTED_BY_NAMESPACE = 'conda-store';

/** Milliseconds between two requests for the jobs. */
const POLL = 1000;

/** A provider with its environments, or why there are none. */
export interface IProviderSection {
  readonly provider: IProvider;
  readonly environments: ReadonlyArray<IProvidedEnvironment>;
  /** What was left out; null for nothing. */
  readonly problem: string | null;
  readonly error: IErrorInfo | null;
}

/** Lists them on request, and polls the jobs while one of them runs. */
export class ProvidersModel implements IDisposable {
  constructor(
    private readonly _api: IProvidersApi,
    private readonly _poll = POLL
  ) {}

  /** Emitted after every change. */
  get stateChanged(): ISignal<this, void> {
    return this._stateChanged;
  }

  /** Emitted with each job that ended while this looked. */
  get jobEnded(): ISignal<this, IJob> {
    return this._jobEnded;
  }

  /** The providers to show; null before the first answer. */
  get sections(): ReadonlyArray<IProviderSection> | null {
    return this._sections;
  }

  /** Why the providers are not known; null when they are. */
  get error(): IErrorInfo | null {
    return this._error;
  }

  /** What is being made, and what failed and was not dismissed. */
  get jobs(): ReadonlyArray<IJob> {
    return this._jobs.filter(
      job =>
        job.state === 'running' ||
        (job.state === 'failed' && !this._dismissed.has(job.id))
    );
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
    window.clearTimeout(this._timer);
    Signal.clearData(this);
  }

  /** List them again, for another folder if it is given. */
  async refresh(folder = this._folder): Promise<void> {
    this._folder = folder;
    if (!this._resumed) {
      // Something may be in the making since before the page was loaded.
      this._resumed = true;
      void this._pollJobs();
    }
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
      }
    } catch (reason) {
      this._error = toErrorInfo(reason);
    }
    this._changed();
  }

  /** The environment with that key; null when it is not listed. */
  find(provider: string, key: string): IProvidedEnvironment | null {
    const section = this._sections?.find(
      ({ provider: { id } }) => id === provider
    );
    return (
      section?.environments.find(environment => environment.key === key) ?? null
    );
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
    this._follow(await this._api.create(provider, wanted));
  }

  /** Begin to add packages to an environment. */
  async add(
    environment: IProvidedEnvironment,
    packages: ReadonlyArray<string>
  ): Promise<void> {
    this._follow(await this._api.change(environment, { add: [...packages] }));
  }

  /** Remove an environment with its kernels. */
  async remove(environment: IProvidedEnvironment): Promise<void> {
    await this._api.remove(environment);
    await this.refresh();
  }

  /** Ask a job to stop. */
  async cancel(job: string): Promise<void> {
    await this._api.cancel(job);
    await this._pollJobs();
  }

  /** Show a failure no longer. */
  dismiss(job: string): void {
    this._dismissed.add(job);
    this._changed();
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

  private _follow(job: IJob): void {
    this._jobs = [...this._jobs.filter(({ id }) => id !== job.id), job];
    this._changed();
    this._pollLater();
  }

  private _pollLater(): void {
    window.clearTimeout(this._timer);
    if (!this._ended) {
      this._timer = window.setTimeout(() => void this._pollJobs(), this._poll);
    }
  }

  private async _pollJobs(): Promise<void> {
    const before = this._jobs.filter(({ state }) => state === 'running');
    try {
      this._jobs = await this._api.jobs();
    } catch {
      // The Jupyter server is away; it is asked again.
      this._pollLater();
      return;
    }
    const ended = before
      .map(({ id }) => this._jobs.find(job => job.id === id))
      .filter(job => job && job.state !== 'running') as IJob[];
    if (ended.length) {
      await this.refresh();
    }
    this._changed();
    ended.forEach(job => this._jobEnded.emit(job));
    if (this._jobs.some(({ state }) => state === 'running')) {
      this._pollLater();
    }
  }

  private _changed(): void {
    if (!this._ended) {
      this._stateChanged.emit();
    }
  }

  private _sections: ReadonlyArray<IProviderSection> | null = null;
  private _error: IErrorInfo | null = null;
  private _jobs: ReadonlyArray<IJob> = [];
  private readonly _dismissed = new Set<string>();
  private _folder = '';
  private _asked = 0;
  private _resumed = false;
  private _timer = 0;
  private _ended = false;
  private readonly _stateChanged = new Signal<this, void>(this);
  private readonly _jobEnded = new Signal<this, IJob>(this);
}
