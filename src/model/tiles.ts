/** The environments that the launcher has tiles for. */

import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { fullName, splitName } from '../api/names';
import type { IApi } from '../api';
import type { IEnvironment } from '../tokens';
import type { EnvironmentsModel } from './panel/environments';
import { localEnvironments } from './panel/offline';
import type { IRowState } from './state';

/** States of an environment that is on its way here. */
const COMING = ['waiting', 'downloading'];

/** An environment and its state. */
export interface IEnvironmentTile {
  readonly environment: IEnvironment;
  readonly state: IRowState;
}

/**
 * The environments that can be launched: the favourites and those launched last first, then by name. They are asked for
 * apart from the panel's list, which may show a search or was never looked at.
 */
export class EnvironmentTiles {
  constructor(
    private readonly _api: Pick<IApi, 'environments' | 'environment'>,
    private readonly _model: EnvironmentsModel,
    private _most: number
  ) {
    _model.stateChanged.connect(this._onModel, this);
    _model.running.ended.connect(() => void this.refresh());
  }

  /** Emitted when the tiles, or the state of one of them, have changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The most tiles there are; none are asked for when it is 0. */
  get most(): number {
    return this._most;
  }
  set most(most: number) {
    if (most !== this._most) {
      this._most = most;
      void this.refresh();
    }
  }

  /** The tiles in their order. */
  get tiles(): IEnvironmentTile[] {
    const { copies, filter, server } = this._model;
    const rows = new Map(
      (server.usable ? this._rows : localEnvironments(copies.all, '')).map(
        row => [fullName(row), row]
      )
    );
    const preferred = this._preferred.flatMap(name => rows.get(name) ?? []);
    const { namespaces } = filter;
    return [...new Set([...preferred, ...rows.values()])]
      .filter(
        ({ namespace }) => !namespaces.length || namespaces.includes(namespace)
      )
      .map(environment => ({
        environment,
        state: this._model.stateOf(environment)
      }))
      .filter(({ state }) => state.launchable || COMING.includes(state.kind))
      .slice(0, this._most);
  }

  /** Ask for the environments; what cannot be asked leaves the tiles as they are. */
  async refresh(): Promise<void> {
    if (this._most && this._model.server.usable) {
      try {
        this._rows = await this._ask();
      } catch {
        // The panel says so.
      }
    }
    this._update();
  }

  private get _preferred(): string[] {
    const { favouriteNames, recentNames } = this._model.pins;
    return [...favouriteNames, ...recentNames];
  }

  private async _ask(): Promise<IEnvironment[]> {
    const { environments, count } = await this._api.environments(
      '',
      1,
      undefined,
      this._most + this._preferred.length,
      true
    );
    const here = new Set(environments.map(fullName));
    const missing =
      count > environments.length
        ? this._preferred.filter(name => !here.has(name))
        : [];
    const others = await Promise.all(
      missing.slice(0, this._most).map(full => {
        const { namespace, name } = splitName(full);
        return this._api.environment(namespace, name).catch(() => null);
      })
    );
    return [...environments, ...others.filter(row => row !== null)];
  }

  /** Ask again where there may be others, and emit what has changed. */
  private _onModel(): void {
    const { server, listing, search } = this._model;
    const count = search.text || listing.search ? this._count : listing.count;
    this._count = count;
    const cause = JSON.stringify([server.usable, count, this._preferred]);
    if (cause !== this._cause) {
      this._cause = cause;
      void this.refresh();
    } else {
      this._update();
    }
  }

  private _update(): void {
    const shown = JSON.stringify(
      this.tiles.map(({ environment, state }) => [
        fullName(environment),
        environment.current_build_id,
        state.kind
      ])
    );
    if (shown !== this._shown) {
      this._shown = shown;
      this._changed.emit();
    }
  }

  private _rows: IEnvironment[] = [];
  private _count: number | null = null;
  private _cause = '';
  private _shown = '[]';
  private readonly _changed = new Signal<this, void>(this);
}
