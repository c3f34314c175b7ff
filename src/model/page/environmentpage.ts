/** The model behind an environment's page: everything that it shows is a field here. */

import { VDomModel } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import type { IApi } from '../../api';
import { toErrorInfo } from '../../api/request';
import type {
  Action,
  ArtifactKind,
  IBuild,
  IChanges,
  IEnvironment,
  IErrorInfo,
  ISpecification
} from '../../tokens';
import type { IBuildList } from '../builds';
import { BuildLists, isInProgress } from '../builds';
import type { EnvironmentsModel } from '../panel/environments';
import type { IRowState } from '../state';
import { Actions } from './actions';
import { Resource } from './resource';
import { BuildLog } from './buildlog';
import { Choice } from './choice';
import type { IPair } from './changes';
import { pairWith } from './changes';
import { Description } from './description';
import { BuildDetails } from './details';
import { BuildPackages } from './packages';
import type { Section } from './sections';
import { loadSection } from './sections';

/** One environment of the server, its builds and what is asked about them. */
export class EnvironmentPageModel extends VDomModel {
  constructor(options: EnvironmentPageModel.IOptions) {
    super();
    const { api, environments, namespace, name } = options;
    const changed = () => this.stateChanged.emit();
    this._api = api;
    this.environments = environments;
    this.namespace = namespace;
    this.name = name;
    this._lists = new BuildLists(api, changed);
    this.actions = new Actions(changed);
    this.description = new Description(api, this, changed);
    this.details = new BuildDetails(api, changed);
    this.packages = new BuildPackages(api, changed);
    this.log = new BuildLog(api, changed);
    this.specification = new Resource(changed);
    this.changes = new Resource(changed);
    environments.stateChanged.connect(changed, this);
  }

  readonly environments: EnvironmentsModel;
  readonly namespace: string;
  readonly name: string;
  readonly actions: Actions;
  readonly description: Description;
  readonly details: BuildDetails;
  readonly packages: BuildPackages;
  readonly log: BuildLog;
  readonly specification: Resource<ISpecification>;
  readonly changes: Resource<IChanges>;

  /** The environment as last known; null before the first answer. */
  environment: IEnvironment | null = null;

  /** The error of the last refresh; null once one succeeds. */
  error: IErrorInfo | null = null;

  /** Tell whether the server said that there is no such environment. */
  get gone(): boolean {
    return this.error?.code === 'not_found';
  }

  /** The builds, newest first, as far as they were fetched. */
  get builds(): IBuildList {
    return this._lists.of(this.namespace, this.name);
  }

  /** The part that is shown. */
  get section(): Section {
    return this._choice.section;
  }

  /** The build whose packages, specification or log is shown. */
  get buildId(): number | null {
    return this._choice.buildId(this.builds.builds, this._activeId);
  }

  /** The builds that are compared. */
  get pair(): IPair {
    return this._choice.pair(this.builds.builds, this._activeId);
  }

  /** Tell whether a build goes on, so that it pays to ask more often. */
  get busy(): boolean {
    return this.builds.builds.some(
      build =>
        isInProgress(build) ||
        this.details.isBeingDeleted(build) ||
        this.details.isPacking(build)
    );
  }

  /** A text that differs when something has changed since the last look. */
  get fingerprint(): string {
    const states = this.builds.builds.map(build => [
      build.id,
      build.status,
      this.details.of(build.id)?.launchable
    ]);
    const { log } = this.log;
    return JSON.stringify([states, log?.text.length, log?.stage]);
  }

  /** Tell whether the user may do that; what is unknown is not offered. */
  may(action: Action): boolean {
    return !!this.environment?.may.includes(action) && !this.gone;
  }

  /** A build's state, its local copy included. */
  stateOf(build: IBuild): IRowState {
    return this.environments.stateOfBuild(build);
  }

  /** Return the address of a build's artifact. */
  artifactUrl(buildId: number, kind: ArtifactKind): string {
    return this._api.artifactUrl(buildId, kind);
  }

  /** Have the browser save a build's artifact. */
  async saveArtifact(buildId: number, kind: ArtifactKind): Promise<void> {
    await this.actions.report(this._api.saveArtifact(buildId, kind));
  }

  /** Show a part of the page, and in it a build if one is named. */
  show(section: Section, buildId: number | null = null): void {
    this._choice.show(section, buildId);
    this.stateChanged.emit();
    void this.load();
  }

  /** Choose the build whose packages, specification or log is shown. */
  choose(buildId: number): void {
    this.show(this.section, buildId);
  }

  /** Show what changed between two builds. */
  compare(pair: IPair): void {
    this._choice.compare(pair);
    this.show('changes');
  }

  /** Show what changed between a build and the active one. */
  compareWithActive(buildId: number): void {
    this.compare(pairWith(this.builds.builds, this._activeId, buildId));
  }

  /** Fetch older builds. */
  async more(): Promise<void> {
    await this._lists.more(this.namespace, this.name);
    await this.details.load(this.builds.builds);
  }

  /** Ask again for what is shown; never throws. */
  async refresh(): Promise<void> {
    this._refreshing ??= this._refresh().finally(() => {
      this._refreshing = null;
    });
    await this._refreshing;
  }

  /** Fetch what the shown part needs. */
  async load(): Promise<void> {
    await loadSection(this, this._api);
  }

  /**
   * Do something to the environment or a build of it, then look again.
   *
   * @returns Whether it was done; if not, `actions.failure` says why.
   */
  async act(action: () => Promise<unknown>): Promise<boolean> {
    const done = await this.actions.run(action);
    // A look that was under way may have seen nothing of it yet.
    await this._refreshing;
    await this.refresh();
    return done;
  }

  /** The server was told to delete a build, and will do so before long. */
  deleting(buildId: number): void {
    this.details.deleting(buildId);
    this._choice.forget(buildId);
    this.stateChanged.emit();
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.packages.dispose();
    Signal.clearData(this);
    super.dispose();
  }

  private get _activeId(): number | null {
    return this.environment?.current_build_id ?? null;
  }

  private async _refresh(): Promise<void> {
    const { namespace, name, environments } = this;
    const away = !!this.error;
    try {
      this.environment = await this._api.environment(namespace, name);
      await this._lists.load(namespace, name);
      this.error = this.builds.error;
    } catch (reason) {
      this.error = toErrorInfo(reason);
    }
    this.stateChanged.emit();
    if (!environments.server.status) {
      await environments.copies.refresh().catch(() => undefined);
    }
    if (away || this.error || !environments.server.status) {
      await environments.server.refresh();
    }
    if (!this.error) {
      await this.load();
    }
  }

  private readonly _api: IApi;
  private readonly _lists: BuildLists;
  private readonly _choice = new Choice();
  private _refreshing: Promise<void> | null = null;
}

export namespace EnvironmentPageModel {
  /** The options of a page's model. */
  export interface IOptions {
    api: IApi;
    /** Knows the local copies and the server's state. */
    environments: EnvironmentsModel;
    namespace: string;
    name: string;
  }
}
