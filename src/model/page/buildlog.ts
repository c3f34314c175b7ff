/** The log of a build so far. */

import type { IApi } from '../../api';
import { toErrorInfo } from '../../api/request';
import type { IBuildLog, IErrorInfo } from '../../tokens';

/** The number of times that an ended build's log may come shorter than before until the longer text is kept. */
const SHORT_READS = 3;

/**
 * The log of one build at a time. conda-store rewrites the file while it grows and may give none of
 * it meanwhile, so a shorter text never takes a longer one's place.
 */
export class BuildLog {
  /**
   * @param changed - Called after every change of a field.
   */
  constructor(
    private readonly _api: Pick<IApi, 'buildLog'>,
    private readonly _changed: () => void
  ) {}

  /** The build whose log this is; null before the first. */
  buildId: number | null = null;

  /** The longest read of the log; null before the first. */
  log: IBuildLog | null = null;

  /** The error of the last read; null once one succeeds. */
  error: IErrorInfo | null = null;

  /** True while the first read is on its way. */
  loading = false;

  /** Tell whether nothing more can come. */
  get complete(): boolean {
    return !!this.log?.complete;
  }

  /** Read the log of a build, unless all of it is here; the last build asked for wins. */
  async open(buildId: number | null): Promise<void> {
    if (buildId !== this.buildId) {
      this.buildId = buildId;
      this.log = null;
      this.error = null;
      this._shortReads = 0;
      this._reading = null;
    }
    if (buildId === null || this.complete) {
      return;
    }
    if (!this._reading) {
      const reading = this._read(buildId);
      this._reading = reading;
      void reading.then(() => {
        if (this._reading === reading) {
          this._reading = null;
        }
      });
    }
    await this._reading;
  }

  private async _read(buildId: number): Promise<void> {
    this.loading = !this.log;
    this._changed();
    try {
      const read = await this._api.buildLog(buildId);
      if (buildId === this.buildId) {
        this._accept(read);
        this.error = null;
      }
    } catch (reason) {
      if (buildId === this.buildId) {
        this.error = toErrorInfo(reason);
      }
    }
    if (buildId === this.buildId) {
      this.loading = false;
      this._changed();
    }
  }

  private _accept(read: IBuildLog): void {
    const old = this.log;
    const shorter =
      !!old && !read.truncated && read.text.length < old.text.length;
    if (!shorter) {
      this.log = read;
      return;
    }
    this._shortReads++;
    this.log = {
      ...old,
      stage: read.stage ?? old.stage,
      complete: read.complete && this._shortReads >= SHORT_READS
    };
  }

  private _reading: Promise<void> | null = null;
  private _shortReads = 0;
}
