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
import { Answer } from './answer';
import { BuildLog } from './buildlog';
import type { IPair } from './changes';
import { defaultPair, pairWith } from './changes';
import { BuildDetails } from './details';
import { BuildPackages } from './packages';

/** The parts of a page, in their order. */
export const SECTIONS = [
  'builds',
  'packages',
  'specification',
  'log',
  'changes'
] as const;

/** A part of a page. */
export type Section = (typeof SECTIONS)[number];

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
    this.details = new BuildDetails(api, changed);
    this.packages = new BuildPackages(api, changed);
    this.log = new BuildLog(api, changed);
    this.specification = new Answer(changed);
    this.changes = new Answer(changed);
    environments.stateChanged.connect(changed, this);
  }

  readonly environments: EnvironmentsModel;
  readonly namespace: string;
  readonly name: string;
  readonly details: BuildDetails;
  readonly packages: BuildPackages;
  readonly log: BuildLog;
  readonly specification: Answer<ISpecification>;
  readonly changes: Answer<IChanges>;

  /** The environment as last known; null before the first answer. */
  environment: IEnvironment | null = null;

  /** What the last look at the environment failed with; null once one succeeds. */
  error: IErrorInfo | null = null;

  /** What the last action failed with, until somebody has read it. */
  failure: IErrorInfo | null = null;

  /** Whether an action is under way. */
  acting = false;

  /** The description being edited; null while nobody edits it. */
  draft: string | null = null;

  /** The part that is shown. */
  section: Section = 'builds';

  /** Whether the server said that there is no such environment. */
  get gone(): boolean {
    return this.error?.code === 'not_found';
  }

  /** The builds, newest first, as far as they were fetched. */
  get builds(): IBuildList {
    return this._lists.of(this.namespace, this.name);
  }

  /** The build whose packages, specification or log is shown: the chosen one, or one that suggests itself. */
  get buildId(): number | null {
    const { builds } = this.builds;
    const newest = builds[0]?.id ?? null;
    const suggested =
      this.section === 'log'
        ? newest
        : (this.environment?.current_build_id ?? newest);
    return this._chosen ?? suggested;
  }

  /** The builds that are compared. */
  get pair(): IPair {
    return (
      this._pair ??
      defaultPair(
        this.builds.builds,
        this.environment?.current_build_id ?? null
      )
    );
  }

  /** Whether a build goes on, so that it pays to ask more often. */
  get busy(): boolean {
    return this.builds.builds.some(
      build =>
        isInProgress(build) ||
        this.isBeingDeleted(build) ||
        this.details.isPacking(build)
    );
  }

  /** Whether a build was to be deleted and still has its files. */
  isBeingDeleted(build: IBuild): boolean {
    return this._deleting.has(build.id) && !this.details.isDeleted(build);
  }

  /** What shows that something moved since the last look. */
  get fingerprint(): string {
    const states = this.builds.builds.map(build => [
      build.id,
      build.status,
      this.details.of(build.id)?.launchable
    ]);
    const { log } = this.log;
    return JSON.stringify([states, log?.text.length, log?.stage]);
  }

  /** Whether the user may do that; what is unknown is not offered. */
  may(action: Action): boolean {
    return !!this.environment?.may.includes(action) && !this.gone;
  }

  /** A build's state, its local copy included. */
  stateOf(build: IBuild): IRowState {
    return this.environments.stateOfBuild(build);
  }

  /** Where a build's artifact is. */
  artifactUrl(buildId: number, kind: ArtifactKind): string {
    return this._api.artifactUrl(buildId, kind);
  }

  /** Have the browser save a build's artifact. */
  async saveArtifact(buildId: number, kind: ArtifactKind): Promise<void> {
    try {
      await this._api.saveArtifact(buildId, kind);
    } catch (reason) {
      this.failure = toErrorInfo(reason);
      this.stateChanged.emit();
    }
  }

  /** Show a part of the page, and in it a build if one is named. */
  show(section: Section, buildId: number | null = null): void {
    this.section = section;
    if (buildId !== null) {
      this._chosen = buildId;
    }
    this.stateChanged.emit();
    void this.load();
  }

  /** Choose the build whose packages, specification or log is shown. */
  choose(buildId: number): void {
    this.show(this.section, buildId);
  }

  /** Show what changed between two builds. */
  compare(pair: IPair): void {
    this._pair = pair;
    this.show('changes');
  }

  /** Show what changed between a build and the active one. */
  compareWithActive(buildId: number): void {
    const active = this.environment?.current_build_id ?? null;
    this.compare(pairWith(this.builds.builds, active, buildId));
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
    const { section, buildId, _api: api } = this;
    const { builds } = this.builds;
    const build = builds.find(one => one.id === buildId);
    const version = build?.status ?? '';
    switch (section) {
      case 'builds': {
        const running = builds.find(one => one.status === 'BUILDING');
        await Promise.all([
          this.details.load(builds),
          running && this.log.open(running.id)
        ]);
        break;
      }
      case 'packages':
        await this.packages.open(buildId, version);
        break;
      case 'specification':
        await this.specification.ask(
          buildId === null ? null : `${buildId} ${version}`,
          () => api.buildSpecification(buildId!)
        );
        break;
      case 'log':
        await this.log.open(buildId);
        break;
      case 'changes': {
        const { since, id } = this.pair;
        const asked = since !== null && id !== null;
        await this.changes.ask(asked ? `${since} ${id}` : null, () =>
          api.buildChanges(id!, since!)
        );
      }
    }
  }

  /**
   * Do something to the environment or a build of it, then look again.
   *
   * @returns Whether it was done; if not, `failure` says why.
   */
  async act(action: () => Promise<unknown>): Promise<boolean> {
    this.acting = true;
    this.failure = null;
    this.stateChanged.emit();
    try {
      await action();
    } catch (reason) {
      this.failure = toErrorInfo(reason);
    }
    this.acting = false;
    this.stateChanged.emit();
    const done = !this.failure;
    // A look that was under way may have seen nothing of it yet.
    await this._refreshing;
    await this.refresh();
    return done;
  }

  /** Forget what an action failed with. */
  dismiss(): void {
    this.failure = null;
    this.stateChanged.emit();
  }

  /** Edit the description, or with null stop doing so. */
  edit(draft: string | null): void {
    this.draft = draft;
    this.stateChanged.emit();
  }

  /** Save the description that was edited; it stays in the box when that fails. */
  async save(): Promise<void> {
    const description = (this.draft ?? '').trim();
    const { namespace, name } = this;
    const saved = await this.act(() =>
      this._api.updateEnvironment(namespace, name, { description })
    );
    if (saved) {
      this.edit(null);
      void this.environments.refresh();
    }
  }

  /** The server was told to delete a build, and will do so before long. */
  deleting(buildId: number): void {
    this._deleting.add(buildId);
    if (this._chosen === buildId) {
      this._chosen = null;
    }
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
    if (!environments.status) {
      await environments.copies.refresh().catch(() => undefined);
    }
    if (away || this.error || !environments.status) {
      await environments.server.refresh();
    }
    if (!this.error) {
      await this.load();
    }
  }

  private readonly _api: IApi;
  private readonly _lists: BuildLists;
  private _chosen: number | null = null;
  private _pair: IPair | null = null;
  private readonly _deleting = new Set<number>();
  private _refreshing: Promise<void> | null = null;
}

export namespace EnvironmentPageModel {
  /** What a page's model is made from. */
  export interface IOptions {
    api: IApi;
    /** Knows the local copies and the server's state. */
    environments: EnvironmentsModel;
    namespace: string;
    name: string;
  }
}
