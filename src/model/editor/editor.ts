/** The model behind the page on which a specification is written. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { fullName } from '../../api/names';
import { CondaStoreError, toErrorInfo } from '../../api/request';
import type { IBuildDetail, IEnvironment, IErrorInfo } from '../../tokens';
import { Completions } from './completions';
import type { IDraft } from './draft';
import { DraftModel } from './draftmodel';
import { newestBuild, originOf } from './origin';
import { Preview } from './preview';
import { Rights } from './rights';
import type { EditorApi } from './routes';

/** A draft, what it would be solved to, and its way to the server. */
export class EditorModel extends DraftModel {
  constructor(options: EditorModel.IOptions) {
    super(options.draft, options.trans);
    this._api = options.api;
    this._built = options.built;
    options.ended?.connect(this._onBuildEnded, this);
    const changed = () => this.stateChanged.emit();
    this.completions = new Completions(this._api, changed);
    this.preview = new Preview(this._api, changed);
    this.rights = new Rights(this._api);
  }

  readonly completions: Completions;
  readonly preview: Preview;
  readonly rights: Rights;

  /** The environment that is edited, as the server has it; null for a new one. */
  environment: IEnvironment | null = null;

  /** The reason why the text could not be loaded. */
  loadError: IErrorInfo | null = null;

  /** True while the text is on its way to be built. */
  building = false;

  /** The reason why the server refused the text. */
  buildError: IErrorInfo | null = null;

  /** The build that was begun here last, as it was last heard of. */
  lastBuild: IBuildDetail | null = null;

  /** A build that somebody else began meanwhile, or that a new environment would bury; else null. */
  conflict: number | null = null;

  /** The environment's active build; null when there is none. */
  get activeBuild(): number | null {
    return this.environment?.current_build_id ?? null;
  }

  /** Tell whether the user may build this at all; null while that is unknown. */
  get mayBuild(): boolean | null {
    return this.isExisting
      ? this.environment && this.environment.may.includes('build')
      : this.rights.mayCreate(this.namespace);
  }

  /** Tell whether nothing stands in the way of solving the text. */
  get canPreview(): boolean {
    return !this.isLockfile && !this.loading && this.sound;
  }

  /** Tell whether nothing stands in the way of building it. */
  get canBuild(): boolean {
    const { building, loading, namespace } = this;
    return (
      !building &&
      !loading &&
      this.mayBuild !== false &&
      namespace !== '' &&
      this.sound
    );
  }

  /** Tell whether the preview is of another text than the present one. */
  get previewIsOld(): boolean {
    const { request } = this.preview;
    return (
      request !== null &&
      (request.specification !== this.text ||
        request.namespace !== this.namespace)
    );
  }

  /** Fetch what the page needs: what may be done, and the text of an environment that exists. */
  async load(): Promise<void> {
    this.loading = true;
    this.loadError = null;
    this.stateChanged.emit();
    try {
      await Promise.all([this._loadRights(), this._loadEnvironment()]);
    } catch (reason) {
      this.loadError = toErrorInfo(reason);
    }
    this.loading = false;
    this.read();
    this.stateChanged.emit();
  }

  /**
   * Create a namespace and choose it.
   *
   * @throws CondaStoreError
   */
  async createNamespace(name: string): Promise<void> {
    await this.rights.create(name);
    this.change({ namespace: name });
  }

  /** Solve the text, and compare it with the active build, or with another one. */
  async runPreview(since = this.activeBuild): Promise<void> {
    if (this.canPreview) {
      const { namespace, text: specification } = this;
      await this.preview.run({ namespace, specification, since });
    }
  }

  /**
   * Have the text built.
   *
   * @param anyway - Whether to go on where somebody else has begun a build meanwhile.
   */
  async build(anyway = false): Promise<void> {
    if (!this.canBuild) {
      return;
    }
    const { text, namespace, name, isLockfile } = this;
    this.building = true;
    this.buildError = null;
    this.stateChanged.emit();
    try {
      const newest = await newestBuild(this._api, namespace, name);
      if (newest !== this._draft.newest && !anyway) {
        this.conflict = newest;
      } else {
        const build = await this._api.createBuild({
          namespace,
          specification: text,
          ...(isLockfile ? { is_lockfile: true, environment: name } : {})
        });
        this.conflict = null;
        this.lastBuild = build;
        this._draft = {
          ...this._draft,
          environment: name,
          saved: text,
          newest: build.id
        };
        this._built?.(build);
        // Without an answer the row stays as it was.
        this._loadEnvironmentRow().catch(() => undefined);
      }
    } catch (reason) {
      this.buildError = toErrorInfo(reason);
    }
    this.building = false;
    this.stateChanged.emit();
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.completions.dispose();
      super.dispose();
    }
  }

  /** A changed draft may be built where the one before was refused. */
  protected change(part: Partial<IDraft>): void {
    this.buildError = null;
    this.conflict = null;
    super.change(part);
  }

  private async _loadRights(): Promise<void> {
    await this.rights.load();
    if (!this.isExisting) {
      const namespace = this.rights.choose(this.namespace);
      this._draft = { ...this._draft, namespace };
    }
  }

  /** The environment, and its text unless a draft of it was kept or another one is proposed. */
  private async _loadEnvironment(): Promise<void> {
    if (!this.isExisting) {
      return;
    }
    await this._loadEnvironmentRow();
    const { text, saved } = this._draft;
    if ((text && saved) || !this.environment) {
      return;
    }
    const origin = await originOf(this._api, this.environment, this.since);
    if (!origin) {
      throw new CondaStoreError(
        'not_found',
        this.trans.__(
          '%1 has no build to take a specification from: create a new environment instead.',
          fullName(this.environment)
        )
      );
    }
    this._draft = { ...this._draft, ...origin, ...(text && { text }) };
  }

  private async _loadEnvironmentRow(): Promise<void> {
    const { namespace, environment } = this._draft;
    this.environment = await this._api.environment(namespace, environment);
    this.stateChanged.emit();
  }

  private _onBuildEnded(_: unknown, build: IBuildDetail): void {
    if (build.id === this.lastBuild?.id) {
      this.lastBuild = build;
      this.stateChanged.emit();
      this._loadEnvironmentRow().catch(() => undefined);
    }
  }

  private readonly _api: EditorApi;
  private readonly _built?: (build: IBuildDetail) => void;
}

export namespace EditorModel {
  /** The options of a model. */
  export interface IOptions {
    api: EditorApi;
    trans: TranslationBundle;
    /** The draft to begin with. */
    draft: Partial<IDraft>;
    /** Called with every build that was begun. */
    built?: (build: IBuildDetail) => void;
    /** Tells of every build that has ended. */
    ended?: ISignal<unknown, IBuildDetail>;
  }
}
