/** The build that one notebook runs on: what it remembers, how that stands, switching and going back. */

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
import { METADATA, parseUri, readRecord, sameRecord } from './record';

/** What a notebook's build works with. */
export interface INotebookBuildOptions {
  panel: NotebookPanel;
  api: INotebookApi;
  model: EnvironmentsModel;
  /** A kernel of a build, which is fetched if need be; null when nobody wanted to choose one. */
  kernel(build: IBuildReference): Promise<IKernel | null>;
}

/** Never changes the notebook by itself: the record goes into it when somebody saves, or switches builds. */
export class NotebookBuild implements IDisposable {
  constructor(private readonly _options: INotebookBuildOptions) {
    const { panel, model } = _options;
    panel.sessionContext.kernelChanged.connect(this._onKernel, this);
    panel.sessionContext.statusChanged.connect(this._onStatus, this);
    panel.context.saveState.connect(this._onSave, this);
    model.stateChanged.connect(this._onEnvironments, this);
    panel.disposed.connect(() => this.dispose());
  }

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

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
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
   * @throws CondaStoreError
   */
  async use(to: IBuildReference | string): Promise<void> {
    const before = this._running;
    this._switching = true;
    this._changed();
    try {
      const name =
        typeof to === 'string' ? to : (await this._options.kernel(to))?.name;
      if (name) {
        const { sessionContext } = this._options.panel;
        await sessionContext.changeKernel({ name });
        await this._learn();
        this.write();
        this._previous = before && {
          namespace: before.namespace,
          environment: before.environment,
          build_id: before.build_id
        };
      }
    } finally {
      this._switching = false;
      this._changed();
    }
  }

  /** Have the notebook remember the build of the running kernel. */
  write(): void {
    if (this._running && !sameRecord(this._running, this.recorded)) {
      this._notebook?.setMetadata(METADATA, { ...this._running });
    }
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
  private _newer: number | null = null;
  private _asked = '';
  private _isDisposed = false;
  private readonly _stateChanged = new Signal<this, void>(this);
}
