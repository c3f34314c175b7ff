/** The model behind the page on which a specification is written. */

import { VDomModel } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import type { IApi } from '../../api';
import { toErrorInfo } from '../../api/request';
import type { IProblem, ISpecificationContent } from '../../specification';
import {
  missingKernel,
  NAME_PATTERN,
  newSpecification,
  problemsOf,
  readContent,
  renamingProblem
} from '../../specification';
import type { IBuildDetail, IEnvironment, IErrorInfo } from '../../tokens';
import { Completions } from './completions';
import type { IDraft } from './draft';
import { draft } from './draft';
import { newestBuild, originOf } from './origin';
import { Preview } from './preview';
import { Rights } from './rights';

/** The routes that editing needs. */
export type EditorApi = Pick<
  IApi,
  | 'build'
  | 'builds'
  | 'buildSpecification'
  | 'createBuild'
  | 'createNamespace'
  | 'environment'
  | 'namespaces'
  | 'packageNames'
  | 'packageVersions'
  | 'permissions'
  | 'preview'
>;

/** A text, what it says, what is wrong with it, what it would be solved to; and its way to the server. */
export class EditorModel extends VDomModel {
  constructor(options: EditorModel.IOptions) {
    super();
    this._api = options.api;
    this._trans = options.trans;
    this._built = options.built;
    this._draft = draft(options.draft);
    options.ended?.connect(this._onBuildEnded, this);
    const changed = () => this.stateChanged.emit();
    this.completions = new Completions(this._api, changed);
    this.preview = new Preview(this._api, changed);
    this.rights = new Rights(this._api);
    this._read();
  }

  readonly completions: Completions;
  readonly preview: Preview;
  readonly rights: Rights;

  /** The environment that is edited, as the server has it; null for a new one. */
  environment: IEnvironment | null = null;

  /** Whether what is edited is on its way. */
  loading = false;

  /** Why it did not come. */
  loadError: IErrorInfo | null = null;

  /** Whether the text is on its way to be built. */
  building = false;

  /** Why it was not taken. */
  buildError: IErrorInfo | null = null;

  /** The build that was begun here last, as it was last heard of. */
  lastBuild: IBuildDetail | null = null;

  /** A build that somebody else began meanwhile, or that a new environment would bury; else null. */
  conflict: number | null = null;

  /** What the text says; null while it cannot be shown as a form. */
  content: ISpecificationContent | null = null;

  /** What the text said when it could last be shown as a form. */
  lastContent: ISpecificationContent | null = null;

  /** What is wrong with the text. */
  problems: ReadonlyArray<IProblem> = [];

  get text(): string {
    return this._draft.text;
  }

  get namespace(): string {
    return this._draft.namespace;
  }

  get isLockfile(): boolean {
    return this._draft.is_lockfile;
  }

  /** Whether an environment that exists is edited. */
  get isExisting(): boolean {
    return this._draft.environment !== '';
  }

  /** What the environment is or will be called; empty while it has no name. */
  get name(): string {
    const { environment, is_lockfile, name } = this._draft;
    return environment || (is_lockfile ? name : (this.content?.name ?? ''));
  }

  /** The build that is compared with; null when there is none. */
  get since(): number | null {
    return this._draft.since;
  }

  /** The environment's active build; null when there is none. */
  get activeBuild(): number | null {
    return this.environment?.current_build_id ?? null;
  }

  get notes(): ReadonlyArray<string> {
    return this._draft.notes;
  }

  /** What outlives a reload. */
  get draft(): IDraft {
    return this._draft;
  }

  /** Whether there is something that closing would lose. */
  get dirty(): boolean {
    return this._draft.text !== this._draft.saved;
  }

  /** The kernel package to offer; null when none is missed. */
  get missingKernel(): string | null {
    return this.content && missingKernel(this.content);
  }

  /** Whether the user may build this at all; null while that is unknown. */
  get mayBuild(): boolean | null {
    if (this.isExisting) {
      return this.environment && this.environment.may.includes('build');
    }
    const { namespaces, writable } = this.rights;
    return (
      namespaces &&
      (this.namespace ? writable.includes(this.namespace) : writable.length > 0)
    );
  }

  /** Whether nothing stands in the way of solving the text. */
  get canPreview(): boolean {
    return !this.isLockfile && !this.loading && this._sound;
  }

  /** Whether nothing stands in the way of building it. */
  get canBuild(): boolean {
    const { building, loading, namespace } = this;
    return (
      !building &&
      !loading &&
      this.mayBuild !== false &&
      namespace !== '' &&
      this._sound
    );
  }

  /** Whether the preview tells of another text than the one that is there now. */
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
    this._read();
    this.stateChanged.emit();
  }

  /** Take another text. */
  setText(text: string): void {
    if (text !== this._draft.text) {
      this._change({ text });
    }
  }

  /** Change the text by one of the edits of `specification`. */
  edit(change: (text: string) => string): void {
    if (!this.isLockfile) {
      this.setText(change(this.text));
    }
  }

  /** Build in another namespace. */
  setNamespace(namespace: string): void {
    this._change({ namespace });
  }

  /** Call a lockfile's environment so. */
  setName(name: string): void {
    this._change({ name });
  }

  /**
   * Create a namespace and choose it.
   *
   * @throws CondaStoreError
   */
  async createNamespace(name: string): Promise<void> {
    await this.rights.create(name);
    this._change({ namespace: name });
  }

  /** Solve the text, and compare it with the active build, or with another one. */
  async runPreview(since = this.activeBuild): Promise<void> {
    if (this.canPreview) {
      const { namespace, text: specification } = this;
      await this.preview.run({ namespace, specification, since });
    }
  }

  /** Put a specification that can be changed in the place of a lockfile. */
  writeSpecification(): void {
    this._change({
      is_lockfile: false,
      text: newSpecification(this.name),
      notes: []
    });
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

  /** Whether the text could be taken by the server, as far as can be told here. */
  private get _sound(): boolean {
    return this.isLockfile
      ? NAME_PATTERN.test(this.name)
      : !this.problems.some(({ severity }) => severity === 'error');
  }

  private _change(part: Partial<IDraft>): void {
    this._draft = { ...this._draft, ...part };
    this.buildError = null;
    this.conflict = null;
    this._read();
    this.stateChanged.emit();
  }

  /** Look at the text anew. */
  private _read(): void {
    const { text, environment } = this._draft;
    if (this.isLockfile) {
      return;
    }
    this.content = readContent(text);
    this.lastContent = this.content ?? this.lastContent;
    const problems = this.loading ? [] : problemsOf(text, this._trans);
    const renaming =
      environment && renamingProblem(text, environment, this._trans);
    if (renaming) {
      problems.unshift(renaming);
    }
    this.problems = problems;
  }

  private async _loadRights(): Promise<void> {
    await this.rights.load();
    if (!this.isExisting) {
      const namespace = this.rights.choose(this.namespace);
      this._draft = { ...this._draft, namespace };
    }
  }

  /** The environment, and its text unless a draft of it was kept. */
  private async _loadEnvironment(): Promise<void> {
    if (!this.isExisting) {
      return;
    }
    await this._loadEnvironmentRow();
    if (this._draft.text || !this.environment) {
      return;
    }
    const { since } = this._draft;
    const origin = await originOf(
      this._api,
      this.environment,
      since,
      this._trans
    );
    this._draft = { ...this._draft, ...origin };
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
  private readonly _trans: TranslationBundle;
  private readonly _built?: (build: IBuildDetail) => void;
  private _draft: IDraft;
}

export namespace EditorModel {
  /** What a model is made from. */
  export interface IOptions {
    api: EditorApi;
    trans: TranslationBundle;
    /** Where to begin. */
    draft: Partial<IDraft>;
    /** Called with every build that was begun. */
    built?: (build: IBuildDetail) => void;
    /** Tells of every build that has ended. */
    ended?: ISignal<unknown, IBuildDetail>;
  }
}
