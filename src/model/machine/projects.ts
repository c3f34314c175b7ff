/** The projects whose notebooks are to start on a build once it is there, also after a reload of the page. */

import type { ISignal } from '@lumino/signaling';
import type { JSONArray } from '@lumino/coreutils';
import type { IStateDB } from '@jupyterlab/statedb';
import { fullName } from '../../api/names';
import type { IProvidersApi } from '../../api/providers';
import { toErrorInfo } from '../../api/request';
import type { IBuildDetail, IErrorInfo } from '../../tokens';
import { isInProgress } from '../builds';
import type { IFollowed } from '../running';

/** The key of the state that outlives the page. */
const KEY = 'conda-store-labext:projects';

/** An environment of this machine, and the folder for which it was listed. */
export interface IShared {
  readonly provider: string;
  readonly key: string;
  readonly folder: string;
}

/** A build, and the environment whose project is to start on it. */
interface IPending extends IFollowed, IShared {}

/** The options of the projects. */
export interface IProjectsOptions {
  api: Pick<IProvidersApi, 'environments' | 'useInProject'>;
  build(id: number): Promise<IBuildDetail>;
  /** Follow a build until it has ended. */
  follow(build: IFollowed): void;
  /** Tells of every build that has ended. */
  ended: ISignal<unknown, IBuildDetail>;
  /** The state that outlives the page; null where there is none. */
  state: Pick<IStateDB, 'fetch' | 'save'> | null;
  /** Called when a file says what the project's notebooks start on. */
  done(name: string, file: string): void;
  failed(error: IErrorInfo): void;
}

/** Writes a project's file when its build has ended well. */
export class Projects {
  constructor(private readonly _options: IProjectsOptions) {
    _options.ended.connect((_, build) => void this._end(build));
  }

  /** Have a project's notebooks start on a build that was begun. */
  async add(
    { id, namespace, environment }: IBuildDetail,
    shared: IShared
  ): Promise<void> {
    this._pending.set(id, { id, namespace, environment, ...shared });
    await this._save();
  }

  /** Go on with what was begun before the page was loaded. */
  async resume(): Promise<void> {
    const kept = await this._options.state?.fetch(KEY);
    const before = (Array.isArray(kept) ? kept.filter(isPending) : []).filter(
      ({ id }) => !this._pending.has(id)
    );
    before.forEach(pending => this._pending.set(pending.id, pending));
    for (const pending of before) {
      await this._look(pending);
    }
  }

  private async _look(pending: IPending): Promise<void> {
    try {
      const build = await this._options.build(pending.id);
      if (fullName(build) !== fullName(pending)) {
        await this._forget(pending.id); // of another server
      } else if (isInProgress(build) || build.packing) {
        this._options.follow(pending);
      } else {
        await this._end(build);
      }
    } catch (reason) {
      // A server that is away is asked the next time.
      if (toErrorInfo(reason).code === 'not_found') {
        await this._forget(pending.id);
      }
    }
  }

  private async _end(build: IBuildDetail): Promise<void> {
    const pending = this._pending.get(build.id);
    if (!pending) {
      return;
    }
    await this._forget(build.id);
    if (build.launchable) {
      const { api } = this._options;
      const name = fullName(build);
      try {
        // A server that was started anew has not seen it yet.
        await api.environments(pending.provider, pending.folder);
        const file = await api.useInProject(pending, name);
        this._options.done(name, file);
      } catch (reason) {
        this._options.failed(toErrorInfo(reason));
      }
    }
  }

  private _forget(id: number): Promise<void> {
    this._pending.delete(id);
    return this._save();
  }

  private async _save(): Promise<void> {
    const kept = [...this._pending.values()].map(entry => ({ ...entry }));
    await this._options.state?.save(KEY, kept as JSONArray);
  }

  private readonly _pending = new Map<number, IPending>();
}

function isPending(kept: unknown): kept is IPending {
  const { id, key, folder } = (kept ?? {}) as Partial<IPending>;
  return (
    [typeof id, typeof key, typeof folder].join() === 'number,string,string'
  );
}
