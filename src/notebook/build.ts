/** The build that one notebook runs on: what it remembers, what became of that, switching and going back. */

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
import { KernelBuild } from './kernelbuild';
import { KernelUse } from './kerneluse';
import { newerBuild } from './newer';
import { METADATA, readRecord, sameRecord } from './record';
import { buildOfKernelspec } from './reference';

/** The options of a notebook's build. */
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
    this._kernelBuild = new KernelBuild({
      api: _options.api,
      sessionContext: panel.sessionContext,
      changed: () => this._changed(),
      learned: () => this.refreshStatus()
    });
    panel.context.saveState.connect(this._onSave, this);
    model.stateChanged.connect(this._onEnvironments, this);
    panel.disposed.connect(() => this.dispose());
  }

  /** The use of the notebook's kernel that would be lost with it. */
  readonly kernelUse: KernelUse;

  /** The packages added beside the build, as records have it; null as long as that is unknown. */
  added: Pick<INotebookRecord, 'additions'> | null = null;

  /** Emitted after every change of any field. */
  get stateChanged(): ISignal<this, void> {
    return this._stateChanged;
  }

  /** The build of the running kernel; null when that is none of conda-store's. */
  get running(): INotebookRecord | null {
    return this._kernelBuild.record;
  }

  /** The status of the build that the notebook ran on; null before it was requested. */
  get status(): INotebookStatus | null {
    return this._status;
  }

  /** Tell whether another build is just being fetched and started. */
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
    return newerBuild(
      this._options.model.environments,
      this.running,
      this._status
    );
  }

  /** The record in the notebook's file. */
  get recorded(): INotebookRecord | null {
    return readRecord(this._notebook?.getMetadata(METADATA));
  }

  /** The build that an older extension's name of the notebook's kernel stands for. */
  get named(): IBuildReference | null {
    return buildOfKernelspec(this._notebook?.getMetadata('kernelspec'));
  }

  /** The notebook's path on the Jupyter server's disk. */
  get path(): string {
    return this._options.panel.context.localPath;
  }

  /** The session that holds the notebook's kernel. */
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
   * Request the status of the build that the notebook ran on.
   *
   * @throws CondaStoreError
   */
  async refreshStatus(): Promise<INotebookStatus | null> {
    const record = this.running ?? this.recorded;
    this._status =
      record && (await this._options.api.notebookStatus(record, this.path));
    this._changed();
    return this._status;
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
    const given = await this.kernelUse.mayEnd(this._options.confirm);
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
        (await this.kernelUse.mayEnd(this._options.confirm, given)) !== null &&
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
    const record = this.running && { ...this.running, ...this.added };
    if (record && !sameRecord(record, this.recorded)) {
      this._notebook?.setMetadata(METADATA, record);
    }
  }

  private async _start(name: string): Promise<void> {
    const before = this.running;
    const { sessionContext } = this._options.panel;
    try {
      await sessionContext.changeKernel({ name });
    } catch {
      // JupyterLab itself says in a dialog why a kernel does not start.
      return;
    }
    this.kernelUse.isNew();
    await this._kernelBuild.learn();
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

  private _changed(): void {
    if (!this._isDisposed) {
      this._stateChanged.emit();
    }
  }

  private readonly _kernelBuild: KernelBuild;
  private _status: INotebookStatus | null = null;
  private _starting: IBuildReference | null = null;
  private _previous: IBuildReference | null = null;
  private _switching = false;
  /** The number of calls of `use`. */
  private _turn = 0;
  private _newer: number | null = null;
  private _isDisposed = false;
  private readonly _disposed = new Signal<this, void>(this);
  private readonly _stateChanged = new Signal<this, void>(this);
}
