/** The local copies of builds: those on disk, those in the making, and who waits for them. */

import { PromiseDelegate } from '@lumino/coreutils';
import { fullName } from '../api/names';
import type { IApi } from '../api';
import { CondaStoreError } from '../api/request';
import type { IBuildReference, ILocalCopy } from '../tokens';

type CopiesApi = Pick<IApi, 'listCopies' | 'fetchCopy' | 'cancel' | 'remove'>;

/** Tell whether a copy is still in the making. */
export function isActive(copy: ILocalCopy): boolean {
  return copy.state === 'waiting' || copy.state === 'running';
}

/**
 * Every copy by its key. Events are newer than the answer to any request that was under way when
 * they came, so an answer never overwrites them.
 */
export class Copies {
  /**
   * @param changed - Called after every change of a field.
   */
  constructor(
    private readonly _api: CopiesApi,
    private readonly _changed: () => void
  ) {}

  /** The copies in the order in which they were first heard of. */
  get all(): ILocalCopy[] {
    return [...this._items.values()];
  }

  /** Tell whether a copy is in the making. */
  get active(): boolean {
    return this._pending.size > 0 || this.all.some(isActive);
  }

  /** The copy of a build, if there is one. The server lists only those of the store in use. */
  find(build: IBuildReference): ILocalCopy | undefined {
    return this.all.find(
      copy =>
        copy.build_id === build.build_id &&
        copy.namespace === build.namespace &&
        copy.environment === build.environment
    );
  }

  /** Tell whether a build was asked for and its first answer is still to come. */
  isPending(build: IBuildReference): boolean {
    return this._pending.has(referenceOf(build));
  }

  /** Take in what an event tells. */
  apply(copy: ILocalCopy): void {
    this._heard.set(copy.key, ++this._clock);
    this._store(copy);
    this._changed();
  }

  /** Ask for all copies. */
  async refresh(): Promise<void> {
    const asked = this._clock;
    const copies = await this._api.listCopies();
    const keys = new Set(copies.map(copy => copy.key));
    for (const key of [...this._items.keys()]) {
      if (!keys.has(key) && !this._heardSince(key, asked)) {
        this._drop(key);
      }
    }
    for (const copy of copies) {
      if (!this._heardSince(copy.key, asked)) {
        this._store(copy);
      }
    }
    this._changed();
  }

  /** The copy of a build; it is made where there is none that is ready. */
  async fetch(build: IBuildReference): Promise<ILocalCopy> {
    const copy = this.find(build);
    return copy?.state === 'ready' ? copy : this.make(build);
  }

  /**
   * Make the copy of a build, or join who makes it.
   *
   * @returns The copy once it is ready.
   * @throws CondaStoreError when it fails or is cancelled.
   */
  async make(build: IBuildReference): Promise<ILocalCopy> {
    const reference = referenceOf(build);
    this._pending.add(reference);
    this._changed();
    try {
      return await this.follow(async () => {
        try {
          return await this._api.fetchCopy(build);
        } finally {
          this._pending.delete(reference);
        }
      });
    } finally {
      this._changed();
    }
  }

  /**
   * Follow a copy that a request begins.
   *
   * @returns The copy once it is ready.
   * @throws CondaStoreError when it fails or is cancelled.
   */
  async follow(begin: () => Promise<ILocalCopy>): Promise<ILocalCopy> {
    const asked = this._clock;
    const started = await begin();
    if (!this._heardSince(started.key, asked)) {
      this._store(started);
    }
    this._changed();
    const now = this._items.get(started.key) ?? started;
    return isActive(now) ? this._waiter(now.key).promise : outcome(now);
  }

  /** Stop the making of a copy. */
  async cancel(key: string): Promise<void> {
    const asked = this._clock;
    const copy = await this._api.cancel(key);
    if (!this._heardSince(key, asked)) {
      this._store(copy);
      this._changed();
    }
  }

  /** Tell whether a copy is just being removed. */
  isRemoving(key: string): boolean {
    return this._removing.has(key);
  }

  /** Remove a copy from this machine; thousands of files take a moment. */
  async remove(key: string): Promise<void> {
    this._removing.add(key);
    this._changed();
    try {
      await this._api.remove(key);
      this._drop(key);
    } finally {
      this._removing.delete(key);
      this._changed();
    }
  }

  private _heardSince(key: string, asked: number): boolean {
    return (this._heard.get(key) ?? 0) > asked;
  }

  private _waiter(key: string): PromiseDelegate<ILocalCopy> {
    const waiter = this._waiters.get(key) ?? new PromiseDelegate<ILocalCopy>();
    this._waiters.set(key, waiter);
    return waiter;
  }

  private _store(copy: ILocalCopy): void {
    this._items.set(copy.key, copy);
    const waiter = this._waiters.get(copy.key);
    if (!waiter || isActive(copy)) {
      return;
    }
    this._waiters.delete(copy.key);
    outcome(copy).then(
      ready => waiter.resolve(ready),
      error => waiter.reject(error)
    );
  }

  private _drop(key: string): void {
    const copy = this._items.get(key);
    this._items.delete(key);
    const waiter = this._waiters.get(key);
    if (copy && waiter) {
      this._waiters.delete(key);
      waiter.reject(cancelled(copy));
    }
  }

  private readonly _items = new Map<string, ILocalCopy>();
  private readonly _pending = new Set<string>();
  private readonly _removing = new Set<string>();
  private readonly _waiters = new Map<string, PromiseDelegate<ILocalCopy>>();
  /** The time, by `_clock`, at which an event last named each key. */
  private readonly _heard = new Map<string, number>();
  private _clock = 0;
}

/** A build's reference as a key. */
function referenceOf(build: IBuildReference): string {
  return `${fullName(build)}#${build.build_id ?? ''}`;
}

/** The finished copy, or its failure thrown. */
async function outcome(copy: ILocalCopy): Promise<ILocalCopy> {
  if (copy.state === 'ready') {
    return copy;
  }
  throw copy.error
    ? new CondaStoreError(copy.error.code, copy.error.message)
    : cancelled(copy);
}

/** The error for a copy that someone stopped. */
function cancelled(copy: ILocalCopy): CondaStoreError {
  return new CondaStoreError('cancelled', `${fullName(copy)} was cancelled.`);
}
