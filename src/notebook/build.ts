/** The build that one notebook runs on: what it remembers, how that stands, switching and going back. */

import type { ISessionContext } from '@jupyterlab/apputils';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { INotebookApi } from '../api';
import type { EnvironmentsModel } from '../model';
import type {
  IBuildReference,
  IKernel,
  INotebookRecord,
  INotebookStatus
} from '../tokens';
import { KernelUse } from './kerneluse';
import { METADATA, readRecord, sameRecord } from './record';
import { parseUri } from './reference';

/** What a notebook's build works with. */
export interface INotebookBuildOptions {
  panel: NotebookPanel;
  api: INotebookApi;
  model: EnvironmentsModel;
  /** A kernel of a build, which is fetched if need be; null when nobody wanted to choose one. */
  kernel(build: IBuildReference): Promise<IKernel | null>;
  /**
   * Ask whether the notebook's kernel may be ended, with what it holds.
   *
   * @param busy - Whether it is just running something.
   */
  confirm(busy: boolean): Promise<boolean>;
}

/** Never changes the notebook by itself: the record goes into it when somebody saves, or switches builds. */
export class NotebookBuild implements IDisposable {
  constructor(private readonly _options: INotebookBuildOptions) {
    const { panel, model } = _options;
    this.kernelUse = new KernelUse(panel);
    panel.sessionContext.kernelChanged.connect(this._onKernel, this);
    panel.sessionContext.statusChanged.connect(this._onStatus, this);
    panel.context.saveState.connect(this._onSave, this);
    model.stateChanged.connect(this._onEnvironments, this);
    panel.disposed.connect(() => this.dispose());
  }

  /** What would be lost with the notebook's kernel. */
  readonly kernelUse: KernelUse;

  /** Emitted after every change of any field. */
  get stateChanged(): ISignal<this, void> {
    return this._stateChanged;
  }

  /** The build of the running kernel; null when that is none of conda-store's. */
  get running(): INotebookRecord | null {
    return this._running;
  }

  /** How the build stands that the notebook ran on; null before it was asked. */
  get standing(): INotebookStatus | null {
    return this._standing;
  }

  /** Whether another build is just being fetched and started. */
  get switching(): boolean {
    return this._switching;
  }

  /** The folder's build that is being fetched and started for a notebook without a kernel. */
  get starting(): IBuildReference | null {
    return this._starting;
  }
  set starting(build: IBuildReference | null) {
    this._starting = build;
    this._changed();
  }

  /** The build that the notebook was on before somebody switched. */
  get previous(): IBuildReference | null {
    return this._previous;
  }

  /** Another build that is the environment's active one now; null when the notebook is on it. */
  get newer(): IBuildReference | null {
    const { namespace, environment, build_id } = this._running ?? {};
    const elsewhere = this._standing?.state === 'elsewhere';
    if (!namespace || !environment || !build_id || elsewhere) {
      return null;
    }
    const listed = this._options.model.environments.find(
      one => one.namespace === namespace && one.name === environment
    );
    const active = listed?.launchable
      ? listed.current_build_id
      : (this._standing?.active_build_id ?? null);
    return active !== null && active > build_id
      ? { namespace, environment, build_id: active }
      : null;
  }

  /** What the notebook's file remembers. */
  get recorded(): INotebookRecord | null {
    return readRecord(this._notebook?.getMetadata(METADATA));
  }

  /** The build that an older extension's name of the notebook's kernel stands for. */
  get named(): IBuildReference | null {
    const spec = this._notebook?.getMetadata('kernelspec') as
      { name?: unknown } | undefined;
    return typeof spec?.name === 'string' ? parseUri(spec.name) : null;
  }

  /** The notebook's path on the Jupyter server's disk. */
  get path(): string {
    return this._options.panel.context.localPath;
  }

  /** What holds the notebook's kernel. */
  get sessionContext(): ISessionContext {
    return this._options.panel.sessionContext;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Emitted when the notebook was closed. */
  get disposed(): ISignal<this, void> {
    return this._disposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._disposed.emit();
      Signal.clearData(this);
    }
  }

  /**
   * Ask how the build stands that the notebook ran on.
   *
   * @throws CondaStoreError
   */
  async look(): Promise<INotebookStatus | null> {
    const record = this._running ?? this.recorded;
    this._standing =
      record && (await this._options.api.standing(record, this.path));
    this._changed();
    return this._standing;
  }

  /**
   * Run the notebook from now on on a build, or on a kernel that is here.
   *
   * Asks first where that ends a kernel that holds something, and again when it came to hold more during the
   * download. Of several calls the last one counts; a notebook that is closed meanwhile stays as it is.
   *
   * @throws CondaStoreError
   */
  async use(to: IBuildReference | string): Promise<void> {
    const turn = ++this._turn;
    const given = await this._mayEndKernel();
    if (given === null) {
      return;
    }
    this._switching = true;
    this._changed();
    try {
      const name =
        typeof to === 'string' ? to : (await this._options.kernel(to))?.name;
      const wanted = () => !this._isDisposed && turn === this._turn;
      if (
        name &&
        wanted() &&
        (await this._mayEndKernel(given)) !== null &&
        wanted()
      ) {
        await this._start(name);
      }
    } finally {
      if (turn === this._turn) {
        this._switching = false;
        this._changed();
      }
    }
  }

  /** Have the notebook remember the build of the running kernel. */
  write(): void {
    if (this._running && !sameRecord(this._running, this.recorded)) {
      this._notebook?.setMetadata(METADATA, { ...this._running });
    }
  }

  /**
   * Whether the kernel may be ended: how often it had run something when that was said; null for no.
   *
   * @param given - How often it had when that was asked before.
   */
  private async _mayEndKernel(given?: number): Promise<number | null> {
    const { inUse, busy, runs } = this.kernelUse;
    const ask = given === undefined ? inUse : runs > given;
    return !ask || (await this._options.confirm(busy)) ? runs : null;
  }

  private async _start(name: string): Promise<void> {
    const before = this._running;
    const { sessionContext } = this._options.panel;
    try {
      await sessionContext.changeKernel({ name });
    } catch {
      // JupyterLab itself says in a dialog why a kernel does not start.
      return;
    }
    this.kernelUse.isNew();
    await this._learn();
    this.write();
    this._previous = before && {
      namespace: before.namespace,
      environment: before.environment,
      build_id: before.build_id
    };
  }

  private get _notebook(): INotebookModel | null {
    return this._isDisposed ? null : this._options.panel.content.model;
  }

  private _onKernel(): void {
    this._running = null;
    this._asked = '';
    this._changed();
    void this._learn();
  }

  private _onStatus(): void {
    // The kernel may not have been there yet when it was asked.
    const { sessionContext } = this._options.panel;
    if (!this._running && sessionContext.kernelDisplayStatus === 'idle') {
      void this._learn();
    }
  }

  private _onSave(_: unknown, state: string): void {
    if (state === 'started') {
      this.write();
    }
  }

  private _onEnvironments(): void {
    const newer = this.newer?.build_id ?? null;
    if (newer !== this._newer) {
      this._newer = newer;
      this._changed();
    }
  }

  private async _learn(): Promise<void> {
    const { panel, api } = this._options;
    const kernel = panel.sessionContext.session?.kernel;
    const status = panel.sessionContext.kernelDisplayStatus;
    const asked = `${kernel?.id} ${status === 'idle'}`;
    if (!kernel?.name.startsWith('conda-store') || asked === this._asked) {
      return;
    }
    this._asked = asked;
    try {
      const record = await api.notebookRecord(kernel.id);
      if (panel.sessionContext.session?.kernel?.id === kernel.id) {
        this._running = record;
        await this.look();
      }
    } catch {
      // It is still starting, or conda-store is away: the toolbar says nothing then.
    }
  }

  private _changed(): void {
    if (!this._isDisposed) {
      this._stateChanged.emit();
    }
  }

  private _running: INotebookRecord | null = null;
  private _standing: INotebookStatus | null = null;
  private _starting: IBuildReference | null = null;
  private _previous: IBuildReference | null = null;
  private _switching = false;
  /** How often `use` was called. */
  private _turn = 0;
  private _newer: number | null = null;
  private _asked = '';
  private _isDisposed = false;
  private readonly _disposed = new Signal<this, void>(this);
  private readonly _stateChanged = new Signal<this, void>(this);
}
