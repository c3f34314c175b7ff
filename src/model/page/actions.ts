/** The actions on an environment from its page. */

import { toErrorInfo } from '../../api/request';
import type { IErrorInfo } from '../../tokens';

/** The action under way, if any, and the error of the last one. */
export class Actions {
  /**
   * @param changed - Called after every change of a field.
   */
  constructor(private readonly _changed: () => void) {}

  /** True while an action is under way. */
  running = false;

  /** The error of the last action, until somebody has read it. */
  failure: IErrorInfo | null = null;

  /**
   * Do something.
   *
   * @returns Whether it was done; if not, `failure` says why.
   */
  async run(action: () => Promise<unknown>): Promise<boolean> {
    this.running = true;
    this.failure = null;
    this._changed();
    try {
      await action();
    } catch (reason) {
      this.failure = toErrorInfo(reason);
    }
    this.running = false;
    this._changed();
    return !this.failure;
  }

  /** Wait for what stands in nobody's way, and say if it fails. */
  async report(action: Promise<unknown>): Promise<void> {
    try {
      await action;
    } catch (reason) {
      this.failure = toErrorInfo(reason);
      this._changed();
    }
  }

  /** Forget what an action failed with. */
  dismiss(): void {
    this.failure = null;
    this._changed();
  }
}
