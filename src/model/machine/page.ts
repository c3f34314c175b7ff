/** The model behind the page of an environment of this machine. */

import { VDomModel } from '@jupyterlab/ui-components';
import type {
  IPackageRequest,
  IProvidedEnvironment,
  IProvidersApi
} from '../../api/providers';
import type { IChanges, IPackage } from '../../tokens';
import { Resource } from '../page/resource';
import { Actions } from '../page/actions';
import type { ProvidersModel } from './providers';

/** An environment, its packages, and a change of them that is looked at before it is made. */
export class MachinePageModel extends VDomModel {
  constructor(options: MachinePageModel.IOptions) {
    super();
    const { api, providers, provider, key } = options;
    this._api = api;
    this.providers = providers;
    this.provider = provider;
    this.key = key;
    const changed = () => this.stateChanged.emit();
    this.packages = new Resource(changed);
    this.preview = new Resource(changed);
    this.actions = new Actions(changed);
    providers.stateChanged.connect(this._onProviders, this);
    void this.load();
  }

  readonly providers: ProvidersModel;
  readonly provider: string;
  readonly key: string;

  /** The packages that are installed, by name. */
  readonly packages: Resource<ReadonlyArray<IPackage>>;

  /** The effect that the wanted change would have. */
  readonly preview: Resource<IChanges>;

  readonly actions: Actions;

  /** The change that is wanted; null for none. */
  wanted: IPackageRequest | null = null;

  /** The text that the names of the shown packages contain. */
  search = '';

  /** The environment as it was listed last; null once it is gone. */
  get environment(): IProvidedEnvironment | null {
    return this.providers.find(this.provider, this.key);
  }

  /** Tell whether its packages can be changed here, one by one. */
  get changeable(): boolean {
    const { environment, providers } = this;
    const section = providers.sections?.find(
      ({ provider }) => provider.id === this.provider
    );
    return (
      !!section?.provider.changes &&
      !!environment &&
      !['conda', 'pixi'].includes(environment.kind)
    );
  }

  /** Tell whether something is being made of it or changed in it. */
  get busy(): boolean {
    return this._job !== null;
  }

  /** The packages whose names contain what is searched for. */
  get shown(): ReadonlyArray<IPackage> {
    const search = this.search.trim().toLowerCase();
    return (this.packages.value ?? []).filter(({ name }) =>
      name.toLowerCase().includes(search)
    );
  }

  /** Show the packages whose names contain a text. */
  setSearch(search: string): void {
    this.search = search;
    this.stateChanged.emit();
  }

  /** List the packages again. */
  async load(): Promise<void> {
    const { environment } = this;
    this._state = this._fingerprint;
    if (environment) {
      await this.packages.load(
        String(++this._loads),
        () => this._api.packages(environment),
        true
      );
    }
  }

  /** See what a change would do, before it is made. */
  async want(wanted: IPackageRequest): Promise<void> {
    const { environment } = this;
    if (environment) {
      this.wanted = wanted;
      this.actions.dismiss();
      await this.preview.load(String(++this._loads), () =>
        this._api.preview(environment, wanted)
      );
    }
  }

  /** Want no change any more. */
  async forget(): Promise<void> {
    this.wanted = null;
    await this.preview.load(null, () => Promise.reject());
  }

  /** Begin to make the change that is wanted. */
  async apply(): Promise<void> {
    const { environment, wanted, providers } = this;
    if (environment && wanted) {
      const begun = await this.actions.run(() =>
        providers.change(environment, wanted)
      );
      if (begun) {
        await this.forget();
      }
    }
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.providers.stateChanged.disconnect(this._onProviders, this);
      super.dispose();
    }
  }

  /** The job that is at it. */
  private get _job(): string | null {
    const job = this.providers.jobs.shown.find(
      ({ folder, state }) => folder === this.key && state === 'running'
    );
    return job?.id ?? null;
  }

  /** A text that differs when the packages may be others. */
  private get _fingerprint(): string {
    return JSON.stringify([
      this._job,
      this.environment?.problem,
      this.environment?.python
    ]);
  }

  private _onProviders(): void {
    if (this._fingerprint !== this._state) {
      void this.load();
    }
    this.stateChanged.emit();
  }

  private readonly _api: Pick<IProvidersApi, 'packages' | 'preview'>;
  private _loads = 0;
  private _state = '';
}

export namespace MachinePageModel {
  /** The options of a model. */
  export interface IOptions {
    api: Pick<IProvidersApi, 'packages' | 'preview'>;
    providers: ProvidersModel;
    /** The provider that lists the environment. */
    provider: string;
    /** The key of the environment among the provider's. */
    key: string;
  }
}
