/** The packages added beside the build that one notebook runs on. */

import { PathExt } from '@jupyterlab/coreutils';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type {
  IAddition,
  IAdditionList,
  IAdditionsApi,
  IPromotion
} from '../api/additions';
import type { IJob } from '../api/providers';
import { CondaStoreError } from '../api/request';
import type { NotebookBuild } from './build';
import type { ILoaded } from './loaded';
import { loadedOthers, newlyAdded } from './loaded';

/** Code that may install something. */
const INSTALLS = /\b(pip|uv|install)\b/;

/** Milliseconds between two looks at whether an installation has ended. */
const POLL = 500;

/** The error of what would bring another version of a package that the environment has. */
const HIDES = 'hides_packages';

/** The packages that came in the place of others. */
export interface IShadowing {
  /** Those that hide one of the environment. */
  hidden: IAddition[];
  /** Those that the kernel has loaded in another version. */
  loaded: ILoaded[];
}

/** Looks when the kernel is another one and when it has run what may install something. */
export class NotebookAdditions {
  constructor(
    private readonly _build: NotebookBuild,
    private readonly _api: IAdditionsApi,
    private readonly _trans: TranslationBundle,
    private readonly _confirm: (message: string) => Promise<boolean>
  ) {
    const { sessionContext } = _build;
    _build.stateChanged.connect(this._onBuild, this);
    sessionContext.iopubMessage.connect(this._onMessage, this);
    sessionContext.statusChanged.connect(this._onStatus, this);
    _build.disposed.connect(() => Signal.clearData(this));
  }

  /** Emitted after every change. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Emitted with what the notebook's own block asks for and its environment lacks, once for each kernel. */
  get wanted(): ISignal<this, string[]> {
    return this._wanted;
  }

  /** Emitted with what a cell installed that is not what the kernel, or its environment, had before. */
  get shadowing(): ISignal<this, IShadowing> {
    return this._shadowing;
  }

  /** The added packages, including those that came along; null for a kernel that is none of conda-store's. */
  get list(): IAdditionList | null {
    return this._list;
  }

  /** The packages that somebody asked for. */
  get requested(): IAddition[] {
    return this._list?.additions.filter(({ requested }) => requested) ?? [];
  }

  /** The packages being installed just now. */
  get installing(): string {
    return this._installing;
  }

  /** Ask what there is. */
  async look(): Promise<void> {
    const before = this._stale ? this._list : null;
    this._stale = false;
    const kernel = this._build.sessionContext.session?.kernel;
    const list =
      kernel && this._build.running
        ? await this._api.ofKernel(kernel.id).catch(() => null)
        : null;
    if (
      !this._build.isDisposed &&
      kernel?.id === this._build.sessionContext.session?.kernel?.id
    ) {
      this._list = list;
      this._build.added = list && {
        additions: this.requested.map(
          ({ manager, name, version }) =>
            `${manager === 'r' ? 'r::' : ''}${name}==${version}`
        )
      };
      this._changed.emit();
      if (before && list && kernel && before.key === list.key) {
        await this._compare(kernel, before, list);
      }
    }
  }

  /**
   * Install packages, as pip's requirements, and wait until they are there; asks before one of the environment is hidden.
   *
   * @throws CondaStoreError
   */
  async install(packages: string[]): Promise<void> {
    const key = await this._key();
    this._installing = packages.join(', ');
    this._changed.emit();
    try {
      let { error } = await this._installed(key, packages, false);
      if (error?.code === HIDES && (await this._confirm(error.message))) {
        error = (await this._installed(key, packages, true)).error;
      } else if (error?.code === HIDES) {
        error = { ...error, code: 'cancelled' };
      }
      if (error) {
        throw new CondaStoreError(error.code, error.message);
      }
    } finally {
      this._installing = '';
      this._stale = true;
      await this.look();
    }
  }

  /**
   * Keep what was added for the notebook's project, or no longer.
   *
   * @throws CondaStoreError
   */
  async keep(keeps: boolean): Promise<void> {
    const folder = keeps ? PathExt.dirname(this._build.path) : null;
    this._list = await this._api.keep(await this._key(), folder);
    this._changed.emit();
  }

  /**
   * Discard what was added.
   *
   * @throws CondaStoreError
   */
  async discard(): Promise<void> {
    await this._api.discard(await this._key());
    await this.look();
  }

  /**
   * The environment's specification with what was added, or with these packages alone.
   *
   * @throws CondaStoreError
   */
  async promotion(packages: string[]): Promise<IPromotion> {
    return this._api.promotion(await this._key(), packages);
  }

  private async _installed(
    key: string,
    packages: string[],
    hide: boolean
  ): Promise<IJob> {
    let job = await this._api.install(key, packages, hide);
    while (job.state === 'running') {
      await new Promise(resolve => window.setTimeout(resolve, POLL));
      job = (await this._api.job(job.id)) ?? { ...job, state: 'ready' };
    }
    return job;
  }

  /** Say what the kernel has loaded in another version, and what of its environment is hidden now. */
  private async _compare(
    kernel: Kernel.IKernelConnection,
    before: IAdditionList,
    now: IAdditionList
  ): Promise<void> {
    const hidden = newlyAdded(before, now).filter(({ hides }) => hides);
    const loaded = await loadedOthers(kernel, before, now).catch(() => []);
    if ((hidden.length || loaded.length) && !this._build.isDisposed) {
      this._shadowing.emit({ hidden, loaded });
    }
  }

  private async _key(): Promise<string> {
    if (!this._list) {
      await this.look();
    }
    if (!this._list) {
      throw new CondaStoreError(
        'no_kernel',
        this._trans.__(
          'Packages are added beside the environment of a running kernel, and this notebook has none of conda-store’s. Start its kernel, then try again.'
        )
      );
    }
    return this._list.key;
  }

  private _onMessage(_: unknown, message: KernelMessage.IMessage): void {
    const { code } = message.content as { code?: string };
    if (message.header.msg_type === 'execute_input' && code) {
      this._stale = this._stale || INSTALLS.test(code);
    }
  }

  private _onStatus(_: unknown, status: string): void {
    if (status === 'idle' && this._stale) {
      void this.look();
    }
  }

  private _onBuild(): void {
    const { running } = this._build;
    const kernel = this._build.sessionContext.session?.kernel?.id;
    const asked = running ? `${kernel} ${running.build_id}` : '';
    if (asked !== this._asked) {
      this._asked = asked;
      void this.look();
      if (running && kernel) {
        void this._lookAtBlock(kernel);
      }
    }
  }

  private async _lookAtBlock(kernel: string): Promise<void> {
    // A notebook whose block cannot be read has none.
    const missing = await this._api
      .lacking(this._build.path, kernel)
      .catch(() => []);
    if (missing.length && !this._build.isDisposed) {
      this._wanted.emit(missing);
    }
  }

  private _list: IAdditionList | null = null;
  private _installing = '';
  private _asked = '';
  private _stale = false;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _wanted = new Signal<this, string[]>(this);
  private readonly _shadowing = new Signal<this, IShadowing>(this);
}
