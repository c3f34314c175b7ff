/** The states of the panel's rows, out of the builds, the local copies and the connection. */

import type { IBuild, IEnvironment } from '../../tokens';
import type { BuildLists } from '../builds';
import type { Copies } from '../copies';
import type { IRowState, IStateContext } from '../state';
import { buildState, environmentState } from '../state';

/** Looks up what a row's state depends on. */
export class RowStates {
  /**
   * @param connected - Tells whether the server answers.
   */
  constructor(
    private readonly _builds: BuildLists,
    private readonly _copies: Copies,
    private readonly _connected: () => boolean
  ) {}

  /** The state of an environment's row. */
  ofEnvironment(environment: IEnvironment): IRowState {
    const { namespace, name, current_build_id } = environment;
    const context = this._context(namespace, name, current_build_id);
    const active = { namespace, environment: name, build_id: null };
    const pending = context.pending || this._copies.isPending(active);
    return environmentState(environment, { ...context, pending });
  }

  /** The state of a build's row. */
  ofBuild(build: IBuild): IRowState {
    const { namespace, environment, id } = build;
    return buildState(build, this._context(namespace, environment, id));
  }

  private _context(
    namespace: string,
    name: string,
    buildId: number | null
  ): IStateContext {
    const build = { namespace, environment: name, build_id: buildId };
    const detail = buildId === null ? undefined : this._builds.detail(buildId);
    const copy = this._copies.find(build) ?? null;
    return {
      copy,
      removing: copy !== null && this._copies.isRemoving(copy.key),
      pending: buildId !== null && this._copies.isPending(build),
      connected: this._connected(),
      reason: detail?.reason ?? null
    };
  }
}
