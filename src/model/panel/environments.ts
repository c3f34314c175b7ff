/** The model behind the panel: everything that it shows is a field here. */

import { VDomModel } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { Debouncer } from '@lumino/polling';
import type { IStream } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IApi } from '../../api';
import type {
  IBuild,
  IBuildReference,
  ICondaStoreModel,
  IEnvironment,
  IErrorInfo,
  ILocalStoreStatus,
  ILocalCopy,
  IStatus
} from '../../tokens';
import { BuildLists, isInProgress } from '../builds';
import type { Connection } from './connection';
import { connectionOf, problemOf } from './connection';
import { Copies } from '../copies';
import { Folding } from './folding';
import { Listing, type ISight } from './listing';
import { groupByNamespace, type NamespaceRows } from './namespacerows';
import { localEnvironments } from './offline';
import { Pins } from './pins';
import { Running } from '../running';
import { Server } from '../server';
import { Spaces } from './namespaces';
import type { IRowState, IStateContext } from '../state';
import { buildState, environmentState } from '../state';

/** The schema of the events that tell of local copies. */
export const COPY_EVENT = 'https://events.jupyter.org/conda_store_labext/copy';

/** The schema of the events that tell of the embedded conda-store. */
export const LOCAL_STORE_EVENT =
  'https://events.jupyter.org/conda_store_labext/local_store';

/** Milliseconds without a keystroke before a search is sent. */
const SEARCH_DELAY = 150;

/** Which environments are shown, and which namespace stands on top. */
export interface IFilter {
  /** The namespaces to show; empty for all. */
  readonly namespaces: ReadonlyArray<string>;
  /** Whether to show only what can be launched. */
  readonly launchable: boolean;
  /** The namespace that comes first; empty for none. */
  readonly first: string;
}

/** The environments, their builds and local copies, and the state of the server. */
export class EnvironmentsModel extends VDomModel implements ICondaStoreModel {
  constructor(options: EnvironmentsModel.IOptions) {
    super();
    const { api, events } = options;
    this.stateChanged.connect(() => {
      this.revision++;
    });
    const changed = () => this.stateChanged.emit();
    this.server = new Server(api, changed, () => void this.refresh());
    this.listing = new Listing(api, changed);
    this.spaces = new Spaces(api, changed);
    this.copies = new Copies(api, changed);
    this.builds = new BuildLists(api, changed);
    this.folding = new Folding(changed);
    this.pins = new Pins(api, this.listing, changed);
    this.running = new Running(api, changed);
    this.running.ended.connect((_, build) => void this._onBuildEnded(build));
    this._searching = new Debouncer(
      () => this.listing.find(this.searchText.trim()),
      SEARCH_DELAY
    );
    events?.connect(this._onEvent, this);
  }

  readonly server: Server;
  readonly listing: Listing;
  readonly spaces: Spaces;
  readonly copies: Copies;
  readonly builds: BuildLists;
  readonly folding: Folding;
  readonly pins: Pins;
  readonly running: Running;

  /** How often anything has changed. */
  revision = 0;

  /** Which of the environments are shown. */
  get filter(): IFilter {
    return this._filter;
  }
  set filter(filter: IFilter) {
    this._filter = filter;
    this.stateChanged.emit();
    if (filter.launchable !== this.listing.launchable) {
      this.listing.launchable = filter.launchable;
      this._find(this.listing.search);
    }
  }

  /** What the search box holds, sent or not. */
  searchText = '';

  get status(): IStatus | null {
    return this.server.status;
  }

  get localCopies(): ReadonlyArray<ILocalCopy> {
    return this.copies.all;
  }

  /** The environments that are known: the server's as far as they were fetched; without it, those on this machine. */
  get environments(): ReadonlyArray<IEnvironment> {
    return this._withoutServer
      ? localEnvironments(this.copies.all, this.searchText.trim())
      : this.listing.environments;
  }

  /**
   * The same by namespace, with a place for each that was not fetched yet, filtered; where nothing
   * is searched for, with the empty namespaces that the user may delete.
   */
  get namespaces(): NamespaceRows[] {
    const { namespaces, launchable, first } = this._filter;
    const { listing } = this;
    const everything =
      listing.counted &&
      !launchable &&
      !listing.search &&
      !this.searchText.trim();
    const all = this._withoutServer
      ? groupByNamespace(this.environments)
      : everything
        ? this.spaces.withEmpty(listing.namespaces)
        : listing.namespaces;
    const wanted = namespaces.length
      ? all.filter(({ name }) => namespaces.includes(name))
      : all;
    return [
      ...wanted.filter(({ name }) => name === first),
      ...wanted.filter(({ name }) => name !== first)
    ];
  }

  /** Whether the filter lets an environment through. */
  isShown(environment: IEnvironment): boolean {
    return (
      !this._filter.launchable ||
      this.listing.filtered ||
      this.stateOf(environment).launchable
    );
  }

  /** Whether the panel waits for an answer. */
  get loading(): boolean {
    return this._refreshing > 0 || this.listing.loading;
  }

  /** Where things stand with the server. */
  get connection(): Connection {
    return connectionOf(this.server, this.listing);
  }

  /** The sentence that goes with `connection` when things do not stand well. */
  get problem(): IErrorInfo | null {
    return problemOf(this.server, this.listing);
  }

  /** Whether builds or the local store's start are under way, so that it pays to ask more often. */
  get busy(): boolean {
    return (
      this.status?.local_store.state === 'starting' ||
      this.listing.environments.some(row => row.running_build_id !== null) ||
      this._unfolded.some(row => this._buildsOf(row).some(isInProgress))
    );
  }

  /** The state of an environment's row. */
  stateOf(environment: IEnvironment): IRowState {
    const { namespace, name, current_build_id } = environment;
    const context = this._context(namespace, name, current_build_id);
    const active = { namespace, environment: name, build_id: null };
    const pending = context.pending || this.copies.isPending(active);
    return environmentState(environment, { ...context, pending });
  }

  /** The state of a build's row. */
  stateOfBuild(build: IBuild): IRowState {
    const { namespace, environment, id } = build;
    return buildState(build, this._context(namespace, environment, id));
  }

  /** Search as someone types: the request goes out once the typing rests. */
  setSearch(text: string): void {
    this.searchText = text;
    this.stateChanged.emit();
    this._searching.invoke().catch(() => {
      // A later keystroke, or the model's end, took this one's place.
    });
  }

  /** Take up the search and the folded namespaces of an earlier visit. */
  restore(search: string, foldedNamespaces: string[]): void {
    this.folding.foldedNamespaces = foldedNamespaces;
    this.searchText = search;
    this._find(search.trim());
  }

  /**
   * Ask again for what is shown.
   *
   * @param everything - Whether to fetch the builds of unfolded environments too where nothing goes on.
   */
  async refresh(everything = true): Promise<void> {
    this._refreshing++;
    this.stateChanged.emit();
    // Without a usable server the list would only fail: ask how it is first.
    const eager = !this.status || this.server.usable;
    await Promise.all([
      this.server.refresh(),
      this.copies.refresh().catch(() => undefined),
      eager ? this._refreshList(everything) : undefined
    ]);
    if (!eager && this.server.usable) {
      await this._refreshList(true);
    }
    this._refreshing--;
    this.stateChanged.emit();
  }

  fetchCopy(build: IBuildReference): Promise<ILocalCopy> {
    const copy = this.copies.find(build);
    return copy?.state === 'ready'
      ? Promise.resolve(copy)
      : this.copies.make(build);
  }

  /** Tell which places of the list are in sight: they are fetched, and their running builds followed. */
  look(sight: ReadonlyArray<ISight>): void {
    this.listing.look(sight);
    this._followSight();
  }

  /** Show or hide the builds of an environment. */
  async toggleBuilds(
    environment: IEnvironment,
    section: string | null = null
  ): Promise<void> {
    this.folding.toggleEnvironment(environment, section);
    if (this.folding.isUnfolded(environment, section)) {
      await this.builds.load(environment.namespace, environment.name);
    }
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._searching.dispose();
    Signal.clearData(this);
    super.dispose();
  }

  /** Whether there is no server, or none that was ever heard of. */
  private get _withoutServer(): boolean {
    const { connection, listing } = this;
    const lost = connection === 'disconnected' || connection === 'broken';
    return connection === 'unconfigured' || (lost && listing.count === null);
  }

  /** Search anew; before the first look at the server, take up what that is to search for. */
  private _find(search: string): void {
    if (this.listing.loading || this.listing.count !== null) {
      void this.listing.find(search);
    } else {
      this.listing.search = search;
    }
  }

  private get _unfolded(): IEnvironment[] {
    return this.environments.filter(row => this.folding.isUnfolded(row));
  }

  private _buildsOf(row: IEnvironment): ReadonlyArray<IBuild> {
    return this.builds.of(row.namespace, row.name).builds;
  }

  private _context(
    namespace: string,
    name: string,
    buildId: number | null
  ): IStateContext {
    const build = { namespace, environment: name, build_id: buildId };
    const detail = buildId === null ? undefined : this.builds.detail(buildId);
    const copy = this.copies.find(build) ?? null;
    return {
      copy,
      removing: copy !== null && this.copies.isRemoving(copy.key),
      pending: buildId !== null && this.copies.isPending(build),
      connected: this.connection === 'connected',
      reason: detail?.reason ?? null
    };
  }

  private async _refreshList(everything: boolean): Promise<void> {
    await this.listing.reload();
    await this.pins.refresh();
    const { told, error } = this.listing;
    if (told) {
      this.spaces.take(told);
    } else if ((everything || !this.spaces.known) && !error) {
      // Without them the list is as good, but for what may be done with a namespace.
      await this.spaces.refresh().catch(() => undefined);
    }
    this._followSight();
    for (const row of this._unfolded) {
      const builds = this._buildsOf(row);
      const stale =
        builds.some(isInProgress) ||
        (row.running_build_id ?? 0) > (builds[0]?.id ?? 0);
      if (everything || stale) {
        await this.builds.load(row.namespace, row.name);
      }
    }
  }

  private _followSight(): void {
    for (const row of this.listing.inSight) {
      const { namespace, name: environment, running_build_id: id } = row;
      if (id !== null) {
        this.running.follow({ id, namespace, environment });
      }
    }
  }

  /** The list is up to date as soon as a build has ended. */
  private async _onBuildEnded(build: IBuild): Promise<void> {
    await this.refresh(false);
    const { namespace, environment } = build;
    if (this.builds.of(namespace, environment).count) {
      await this.builds.load(namespace, environment);
    }
  }

  private _onEvent(_: unknown, event: ReadonlyJSONObject): void {
    const { schema_id, ...data } = event;
    if (schema_id === COPY_EVENT) {
      this.copies.apply(data as unknown as ILocalCopy);
    } else if (schema_id === LOCAL_STORE_EVENT) {
      this.server.apply(data as unknown as ILocalStoreStatus);
    }
  }

  private readonly _searching: Debouncer;
  private _refreshing = 0;
  private _filter: IFilter = { namespaces: [], launchable: false, first: '' };
}

export namespace EnvironmentsModel {
  /** What a model is made from. */
  export interface IOptions {
    api: IApi;
    /** The Jupyter server's events; without them progress comes by asking alone. */
    events?: IStream<unknown, ReadonlyJSONObject>;
  }
}
