/** Starts of kernels whose environment is being fetched, asked over HTTP. */

import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { query } from './paths';
import { messagesFrom, Routes } from './routes';

/** The routes that end them; tests put another one in its place. */
export interface IStartsApi {
  /** End the starts for a session's path that has no session yet, and tell how many there were. */
  endStarts(path: string): Promise<number>;
}

/** The route as the server extension has it. It throws CondaStoreError. */
export class StartsApi extends Routes implements IStartsApi {
  constructor(settings: ServerConnection.ISettings, trans: TranslationBundle) {
    super(settings, messagesFrom(trans));
  }

  async endStarts(path: string): Promise<number> {
    const route = `kernels/starts?${query({ path })}`;
    const answer = await this.send<{ ended: number }>('DELETE', route);
    return answer.ended;
  }
}
