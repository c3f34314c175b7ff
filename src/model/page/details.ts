/** The details of builds that lists leave out: their artifacts, and why they failed. */

import type { IApi } from '../../api';
import type { IBuild, IBuildDetail } from '../../tokens';

/** The details of the builds that are shown, asked for one at a time. */
export class BuildDetails {
  /**
   * @param changed - Called after every change of a field.
   */
  constructor(
    private readonly _api: Pick<IApi, 'build'>,
    private readonly _changed: () => void
  ) {}

  /** Return the known details of a build. */
  of(id: number): IBuildDetail | undefined {
    return this._details.get(id);
  }

  /** Tell whether a build was deleted, as far as is known. */
  isDeleted(build: IBuild): boolean {
    const detail = this.of(build.id);
    return detail?.status === build.status && detail.deleted;
  }

  /** The server was told to delete a build, and will do so before long. */
  deleting(id: number): void {
    this._deleting.add(id);
  }

  /** Tell whether a build was to be deleted and still has its files. */
  isBeingDeleted(build: IBuild): boolean {
    return this._deleting.has(build.id) && !this.isDeleted(build);
  }

  /** Tell whether a build's archive is still to come, as far as is known. */
  isPacking(build: IBuild): boolean {
    const detail = this.of(build.id);
    return detail?.status === build.status && detail.packing;
  }

  /** Ask for what is missing or has changed; what fails is asked for the next time. */
  async load(builds: ReadonlyArray<IBuild>): Promise<void> {
    if (this._loading) {
      return;
    }
    this._loading = true;
    try {
      for (const build of builds) {
        const detail = this.of(build.id);
        const changed =
          detail?.status !== build.status || detail.size !== build.size;
        if (changed || this.isPacking(build)) {
          this._details.set(build.id, await this._api.build(build.id));
          this._changed();
        }
      }
    } catch {
      // The list itself says when the server is away.
    } finally {
      this._loading = false;
    }
  }

  private readonly _details = new Map<number, IBuildDetail>();
  private readonly _deleting = new Set<number>();
  private _loading = false;
}
