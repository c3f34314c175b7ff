/** Requests to the routes of the server extension, by the path of each below `conda-store/`. */

import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IRequestMessages } from './request';
import { request, respond } from './request';
import { saveAddress, saveResponse } from './saving';

/** A Jupyter server's routes. What asks one throws CondaStoreError. */
export class Routes {
  constructor(
    private readonly _settings: ServerConnection.ISettings,
    private readonly _messages: IRequestMessages
  ) {}

  /** Read what a route answers. */
  protected get<T>(path: string): Promise<T> {
    return request<T>(this._settings, this._messages, path);
  }

  /** Have a route change something. */
  protected send<T>(method: string, path: string, body?: object): Promise<T> {
    const init: RequestInit = { method };
    if (body) {
      init.body = JSON.stringify(body);
    }
    return request<T>(this._settings, this._messages, path, init);
  }

  /** The address of a route, without a token. */
  protected address(path: string): string {
    return URLExt.join(this._settings.baseUrl, 'conda-store', path);
  }

  /**
   * Have the browser save the file that a route answers with.
   *
   * @param fallback - Its name where the answer has none.
   */
  protected async save(path: string, fallback: string): Promise<void> {
    const { appendToken, token } = this._settings;
    if (!appendToken || !token) {
      saveAddress(this.address(path));
      return;
    }
    // The server is at another host, for which the browser has no cookie; the token belongs into no address.
    const response = await respond(this._settings, this._messages, path);
    await saveResponse(response, fallback);
  }
}

/** The sentences for what the server extension cannot say itself. */
export function messagesFrom(trans: TranslationBundle): IRequestMessages {
  return {
    jupyterUnreachable: trans.__(
      'The Jupyter server does not answer. Check that it still runs, then retry.'
    ),
    extensionMissing: trans.__(
      'The server part of this extension is not loaded. Run "jupyter server extension enable conda_store_labext" and restart the Jupyter server.'
    )
  };
}
