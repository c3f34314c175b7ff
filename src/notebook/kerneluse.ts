/** The use of a notebook's kernel, which would be lost with it. */

import type { ISessionContext } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { KernelMessage } from '@jupyterlab/services';

/**
 * The record of whether a kernel has run anything.
 *
 * One that was there before the page may have; the numbers of the notebook's cells tell then, which may be those of an
 * earlier kernel: rather a question too many than variables lost.
 */
export class KernelUse {
  constructor(private readonly _panel: NotebookPanel) {
    const { sessionContext } = _panel;
    sessionContext.kernelChanged.connect(this._onKernel, this);
    sessionContext.statusChanged.connect(this._onStatus, this);
    sessionContext.iopubMessage.connect(this._onMessage, this);
  }

  /** The number of times that the kernel was seen to run something. */
  get runs(): number {
    return this._runs;
  }

  /** Tell whether it is just running something. */
  get busy(): boolean {
    return this._panel.sessionContext.session?.kernel?.status === 'busy';
  }

  /** Tell whether ending it may lose something. */
  get inUse(): boolean {
    return (
      !!this._panel.sessionContext.session?.kernel &&
      (this.busy || this._runs > 0 || (!this._new && this._hasCounts))
    );
  }

  /**
   * Return how often the kernel had run something if it may be ended; null if not.
   *
   * @param confirm - Asks, told whether it is just running something; called where something may be lost.
   * @param given - How often it had when that was asked before.
   */
  async mayEnd(
    confirm: (busy: boolean) => Promise<boolean>,
    given?: number
  ): Promise<number | null> {
    const { inUse, busy, runs } = this;
    const ask = given === undefined ? inUse : runs > given;
    return !ask || (await confirm(busy)) ? runs : null;
  }

  /** Say that the kernel was started just now, or will be next. */
  isNew(): void {
    this._new = true;
  }

  private get _hasCounts(): boolean {
    const cells = this._panel.content.model?.cells;
    return [...(cells ?? [])].some(
      cell =>
        ((cell as { executionCount?: number | null }).executionCount ??
          null) !== null
    );
  }

  private _onKernel(
    _: ISessionContext,
    { oldValue }: { oldValue: unknown }
  ): void {
    this._runs = 0;
    if (oldValue) {
      this._new = false;
    }
  }

  private _onStatus(_: ISessionContext, status: string): void {
    if (status === 'restarting' || status === 'autorestarting') {
      this._runs = 0;
      this._new = true;
    }
  }

  private _onMessage(
    _: ISessionContext,
    message: KernelMessage.IMessage
  ): void {
    if (message.header.msg_type === 'execute_input') {
      this._runs++;
    }
  }

  private _runs = 0;
  /** True if the kernel was started by this page. */
  private _new = false;
}
