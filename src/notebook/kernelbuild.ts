/** The build that a notebook's kernel runs on. */

import type { ISessionContext } from '@jupyterlab/apputils';
import type { INotebookApi } from '../api';
import type { INotebookRecord } from '../tokens';
import { isKernelName } from './reference';

/** The options of a kernel's build. */
export interface IKernelBuildOptions {
  api: Pick<INotebookApi, 'notebookRecord'>;
  /** The session that holds the notebook's kernel. */
  sessionContext: ISessionContext;
  /** Called when there is another kernel, whose build is not known yet. */
  changed: () => void;
  /**
   * Called when the build is known.
   *
   * @throws CondaStoreError
   */
  learned: () => Promise<unknown>;
}

/** Asks for the build of every kernel of conda-store's that a notebook gets. */
export class KernelBuild {
  constructor(private readonly _options: IKernelBuildOptions) {
    const { sessionContext } = _options;
    sessionContext.kernelChanged.connect(this._onKernel, this);
    sessionContext.statusChanged.connect(this._onStatus, this);
  }

  /** The build of the running kernel; null when that is none of conda-store's. */
  get record(): INotebookRecord | null {
    return this._record;
  }

  /** Ask for the build, once for each kernel and again when that is idle. */
  async learn(): Promise<void> {
    const { api, sessionContext, learned } = this._options;
    const kernel = sessionContext.session?.kernel;
    const status = sessionContext.kernelDisplayStatus;
    const asked = `${kernel?.id} ${status === 'idle'}`;
    if (!kernel || !isKernelName(kernel.name) || asked === this._asked) {
      return;
    }
    this._asked = asked;
    try {
      const record = await api.notebookRecord(kernel.id);
      if (sessionContext.session?.kernel?.id === kernel.id) {
        this._record = record;
        await learned();
      }
    } catch {
      // It is still starting, or conda-store is away: the toolbar says nothing then.
    }
  }

  private _onKernel(): void {
    this._record = null;
    this._asked = '';
    this._options.changed();
    void this.learn();
  }

  private _onStatus(): void {
    // The kernel may not have been there yet when it was asked.
    const { sessionContext } = this._options;
    if (!this._record && sessionContext.kernelDisplayStatus === 'idle') {
      void this.learn();
    }
  }

  private _record: INotebookRecord | null = null;
  private _asked = '';
}
