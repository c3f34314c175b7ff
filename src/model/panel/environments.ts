/** The model behind the panel. */

import { VDomModel } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { IStream } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IApi } from '../../api';
import type { IBuild, IEnvironment, IErrorInfo } from '../../tokens';
import { BuildLists } from '../builds';
import type { Connection } from './connection';
import { connectionOf, problemOf, withoutServer } from './connection';
import { Copies } from '../copies';
import { applyEvent } from './events';
import type { IFilter } from './filter';
import { filterNamespaces } from './filter';
import { Folding } from './folding';
import { Listing, type IVisibleRange } from './listing';
import { groupByNamespace, type NamespaceRows } from './namespacerows';
import { localEnvironments } from './offline';
import { Pins } from './pins';
import { Running } from '../running';
import { Server } from '../server';
import { Namespaces } from './namespaces';
import { Reload } from './reload';
import { RowStates } from './rowstates';
import { Search } from './search';
import type { IRowState } from '../state';
import { UnfoldedBuilds } from './unfolded';

/**
 * The parts that the panel shows, each with its own state, and what follows from several of them: the rows, their
 * states, the connection.
 */
export class EnvironmentsModel extends VDomModel {
  constructor(options: EnvironmentsModel.IOptions) {
    super();
    const { api, events } = options;
    this.stateChanged.connect(() => {
      this.revision++;
    });
    const changed = () => this.stateChanged.emit();
    this.server = new Server(api, changed, () => void this.refresh());
    this.listing = new Listing(api, changed);
    this.namespaces = new Namespaces(api, changed);
    this.copies = new Copies(api, changed);
    this.builds = new BuildLists(api, changed);
    this.folding = new Folding(changed);
    this.pins = new Pins(api, this.listing, changed);
    this.running = new Running(api, changed);
    this.running.ended.connect((_, build) => void this._onBuildEnded(build));
    this._states = new RowStates(
      this.builds,
      this.copies,
      () => this.connection === 'connected'
    );
    this._unfolded = new UnfoldedBuilds(this);
    this.search = new Search(this.listing, changed);
    this._reload = new Reload(this, this._unfolded, changed);
    events?.connect(this._onEvent, this);
  }

  readonly server: Server;
  readonly listing: Listing;
  readonly namespaces: Namespaces;
  readonly copies: Copies;
  readonly builds: BuildLists;
  readonly folding: Folding;
  readonly pins: Pins;
  readonly running: Running;
  readonly search: Search;

  /** The number of changes so far. */
  revision = 0;

  /** The filter of the environments that are shown. */
  get filter(): IFilter {
    return this._filter;
  }
  set filter(filter: IFilter) {
    this._filter = filter;
    this.stateChanged.emit();
    if (filter.launchable !== this.listing.launchable) {
      this.listing.launchable = filter.launchable;
      this.search.find(this.listing.search);
    }
  }

  /** The environments that are known: the server's as far as they were fetched; without it, those on this machine. */
  get environments(): ReadonlyArray<IEnvironment> {
    return withoutServer(this.server, this.listing)
      ? localEnvironments(this.copies.all, this.search.text.trim())
      : this.listing.environments;
  }

  /**
   * The same by namespace, with a gap for each that was not fetched yet, filtered; where nothing
   * is searched for, with the empty namespaces that the user may delete.
   */
  get namespaceRows(): NamespaceRows[] {
    const { listing } = this;
    const everything =
      listing.counted &&
      !this._filter.launchable &&
      !listing.search &&
      !this.search.text.trim();
    const all = withoutServer(this.server, this.listing)
      ? groupByNamespace(this.environments)
      : everything
        ? this.namespaces.withEmpty(listing.namespaces)
        : listing.namespaces;
    return filterNamespaces(all, this._filter);
  }

  /** Tell whether the filter lets an environment through. */
  isShown(environment: IEnvironment): boolean {
    return (
      !this._filter.launchable ||
      this.listing.filtered ||
      this.stateOf(environment).launchable
    );
  }

  /** Tell whether the panel waits for an answer. */
  get loading(): boolean {
    return this._reload.running || this.listing.loading;
  }

  /** The state of the connection. */
  get connection(): Connection {
    return connectionOf(this.server, this.listing);
  }

  /** The sentence that goes with a `connection` other than `connected`. */
  get problem(): IErrorInfo | null {
    return problemOf(this.server, this.listing);
  }

  /** Tell whether builds or the local store's start are under way, so that it pays to ask more often. */
  get busy(): boolean {
    return (
      this.server.status?.local_store.state === 'starting' ||
      this.listing.environments.some(row => row.running_build_id !== null) ||
      this._unfolded.busy
    );
  }

  /** The state of an environment's row. */
  stateOf(environment: IEnvironment): IRowState {
    return this._states.ofEnvironment(environment);
  }

  /** The state of a build's row. */
  stateOfBuild(build: IBuild): IRowState {
    return this._states.ofBuild(build);
  }

  /**
   * Ask again for what is shown.
   *
   * @param everything - Whether to fetch the builds of unfolded environments too where nothing goes on.
   */
  async refresh(everything = true): Promise<void> {
    await this._reload.run(everything);
  }

  /** Set which rows of the list are visible: they are fetched, and their running builds followed. */
  setVisible(ranges: ReadonlyArray<IVisibleRange>): void {
    this.listing.setVisible(ranges);
    this._reload.followVisible();
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
    if (!this.isDisposed) {
      this.search.dispose();
      Signal.clearData(this);
      super.dispose();
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
    applyEvent(event, this.copies, this.server);
  }

  private readonly _states: RowStates;
  private readonly _unfolded: UnfoldedBuilds;
  private readonly _reload: Reload;
  private _filter: IFilter = { namespaces: [], launchable: false, first: '' };
}

export namespace EnvironmentsModel {
  /** The options of a model. */
  export interface IOptions {
    api: IApi;
    /** The Jupyter server's events; without them progress comes by asking alone. */
    events?: IStream<unknown, ReadonlyJSONObject>;
  }
}
