/** The builds that are under way and that somebody waits for, until each has ended. */

import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IApi } from '../api';
import { toErrorInfo } from '../api/request';
import type { IBuildDetail } from '../tokens';
import { isInProgress } from './builds';

/** The most builds that are followed at a time; more are followed as these end. */
const MOST = 20;

/** A build and whose it is. */
export interface IFollowed {
  readonly id: number;
  readonly namespace: string;
  readonly environment: string;
}

/** Follows builds by their id. */
export class Running {
  /**
   * @param changed - Called after every change of a field.
   */
  constructor(
    private readonly _api: Pick<IApi, 'build'>,
    private readonly _changed: () => void
  ) {}

  /** Emitted once for each followed build that ended, and can be launched if it ever can. */
  get ended(): ISignal<this, IBuildDetail> {
    return this._ended;
  }

  /** The builds that are followed. */
  get builds(): IFollowed[] {
    return [...this._followed.values()];
  }

  /** Return the last known details of a followed build. */
  detail(id: number): IBuildDetail | undefined {
    return this._details.get(id);
  }

  /** Follow a build until it ends; one that is followed already is left alone. */
  follow(build: IFollowed): void {
    if (this._followed.has(build.id) || this._past.has(build.id)) {
      return;
    }
    this._followed.set(build.id, build);
    this._changed();
  }

  /** Claim a build: only the claimer announces its end. */
  claim(id: number): void {
    this._claimed.add(id);
  }

  /** Tell whether somebody has claimed a build. */
  isClaimed(id: number): boolean {
    return this._claimed.has(id);
  }

  /** Ask for each of them; the first failure ends the round. */
  async refresh(): Promise<void> {
    for (const { id } of this.builds.slice(0, MOST)) {
      let detail: IBuildDetail;
      try {
        detail = await this._api.build(id);
      } catch (reason) {
        if (toErrorInfo(reason).code !== 'not_found') {
          throw reason;
        }
        this._forget(id);
        continue;
      }
      this._details.set(id, detail);
      if (!isInProgress(detail) && !detail.packing) {
        this._forget(id);
        this._ended.emit(detail);
      }
      this._changed();
    }
  }

  private _forget(id: number): void {
    this._followed.delete(id);
    this._details.delete(id);
    this._past.add(id);
  }

  private readonly _ended = new Signal<this, IBuildDetail>(this);
  private readonly _followed = new Map<number, IFollowed>();
  private readonly _details = new Map<number, IBuildDetail>();
  private readonly _claimed = new Set<number>();
  /** The time at which each was first seen to be completed. */
  /** Those that have ended: a list that is older than that may still call them running. */
  private readonly _past = new Set<number>();
}
