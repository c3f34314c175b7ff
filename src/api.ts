/** The routes of the server extension, a method each. */

import { ServerConnection } from '@jupyterlab/services';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { nullTranslator } from '@jupyterlab/translation';
import type { IRequestMessages } from './request';
import { request } from './request';
import type {
  IBuildDetail,
  IBuildPage,
  IBuildReference,
  IEnvironmentPage,
  ILocalStoreStatus,
  IMaterialisation,
  IStatus
} from './tokens';

/** Environments asked for at a time. */
export const ENVIRONMENT_PAGE_SIZE = 50;

/** Builds asked for at a time. */
export const BUILD_PAGE_SIZE = 20;

/** Where the model gets everything from; tests put another one in its place. */
export interface IApi {
  status(): Promise<IStatus>;
  environments(search: string, page: number): Promise<IEnvironmentPage>;
  builds(namespace: string, name: string, page: number): Promise<IBuildPage>;
  build(id: number): Promise<IBuildDetail>;
  materialisations(): Promise<IMaterialisation[]>;
  materialise(build: IBuildReference): Promise<IMaterialisation>;
  cancel(key: string): Promise<IMaterialisation>;
  remove(key: string): Promise<void>;
  startLocalStore(): Promise<ILocalStoreStatus>;
  stopLocalStore(): Promise<ILocalStoreStatus>;
}

/** The routes as the server extension has them. Every method throws CondaStoreError. */
export class Api implements IApi {
  constructor(options: Api.IOptions = {}) {
    this._settings = options.serverSettings ?? ServerConnection.makeSettings();
    const trans = (options.translator ?? nullTranslator).load(
      'conda_store_labext'
    );
    this._messages = messagesFrom(trans);
  }

  status(): Promise<IStatus> {
    return this._get('status');
  }

  environments(search: string, page: number): Promise<IEnvironmentPage> {
    const query = new URLSearchParams({
      search,
      page: String(page),
      size: String(ENVIRONMENT_PAGE_SIZE)
    });
    return this._get(`environments?${query}`);
  }

  builds(namespace: string, name: string, page: number): Promise<IBuildPage> {
    const query = new URLSearchParams({
      page: String(page),
      size: String(BUILD_PAGE_SIZE)
    });
    const environment = `${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
    return this._get(`environments/${environment}/builds?${query}`);
  }

  build(id: number): Promise<IBuildDetail> {
    return this._get(`builds/${id}`);
  }

  async materialisations(): Promise<IMaterialisation[]> {
    const answer = await this._get<{ materialisations: IMaterialisation[] }>(
      'materialisations'
    );
    return answer.materialisations;
  }

  materialise(build: IBuildReference): Promise<IMaterialisation> {
    const { namespace, environment, build_id } = build;
    return this._send('POST', 'materialisations', {
      namespace,
      environment,
      build_id
    });
  }

  cancel(key: string): Promise<IMaterialisation> {
    return this._send(
      'POST',
      `materialisations/${encodeURIComponent(key)}/cancel`
    );
  }

  remove(key: string): Promise<void> {
    return this._send('DELETE', `materialisations/${encodeURIComponent(key)}`);
  }

  startLocalStore(): Promise<ILocalStoreStatus> {
    return this._send('POST', 'local-store');
  }

  stopLocalStore(): Promise<ILocalStoreStatus> {
    return this._send('DELETE', 'local-store');
  }

  private _get<T>(path: string): Promise<T> {
    return request<T>(this._settings, this._messages, path);
  }

  private _send<T>(method: string, path: string, body?: object): Promise<T> {
    const init: RequestInit = { method };
    if (body) {
      init.body = JSON.stringify(body);
    }
    return request<T>(this._settings, this._messages, path, init);
  }

  private readonly _settings: ServerConnection.ISettings;
  private readonly _messages: IRequestMessages;
}

export namespace Api {
  /** What an Api is made from; everything has a default. */
  export interface IOptions {
    serverSettings?: ServerConnection.ISettings;
    translator?: ITranslator;
  }
}

/** The sentences for what the server extension cannot say itself. */
function messagesFrom(trans: TranslationBundle): IRequestMessages {
  return {
    jupyterUnreachable: trans.__(
      'The Jupyter server does not answer. Check that it still runs, then retry.'
    ),
    extensionMissing: trans.__(
      'The server part of this extension is not loaded. Run "jupyter server extension enable conda_store_labext" and restart the Jupyter server.'
    )
  };
}
