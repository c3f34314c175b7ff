/** The packages that a specification would be solved to, as last requested. */

import type { IApi } from '../../api';
import { toErrorInfo } from '../../api/request';
import type { IErrorInfo, IPreview, IPreviewRequest } from '../../tokens';

/** The last preview: on its way, come, or failed with the solver's sentence. */
export class Preview {
  /**
   * @param changed - Called after every change of a field.
   */
  constructor(
    private readonly _api: Pick<IApi, 'preview'>,
    private readonly _changed: () => void
  ) {}

  /** The answer of the solver; null before the first answer and after a failure. */
  result: IPreview | null = null;

  /** The reason why there is no solution, or no answer. */
  error: IErrorInfo | null = null;

  /** True while an answer is awaited. */
  running = false;

  /** The last request; null before the first. */
  request: IPreviewRequest | null = null;

  /** Solve a specification; the last one wins. */
  async run(request: IPreviewRequest): Promise<void> {
    const generation = ++this._generation;
    this.request = request;
    this.running = true;
    this._changed();
    let result: IPreview | null = null;
    let error: IErrorInfo | null = null;
    try {
      result = await this._api.preview(request);
    } catch (reason) {
      error = toErrorInfo(reason);
    }
    if (generation === this._generation) {
      this.result = result;
      this.error = error;
      this.running = false;
      this._changed();
    }
  }

  /** Forget it, whether it has come or not. */
  clear(): void {
    this._generation++;
    this.result = null;
    this.error = null;
    this.running = false;
    this.request = null;
    this._changed();
  }

  private _generation = 0;
}
