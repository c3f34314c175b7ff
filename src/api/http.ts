/** The routes of the server extension, asked over HTTP. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { nullTranslator } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IRequestMessages } from './request';
import { request, respond } from './request';
import { saveAddress, saveResponse } from './saving';
import type {
  ArtifactKind,
  IBuildDetail,
  IBuildLog,
  IBuildPage,
  IBuildReference,
  IBuildRequest,
  IChanges,
  IConversion,
  IEnvironment,
  IEnvironmentChange,
  IEnvironmentPage,
  IFolderDefault,
  ILocalStoreStatus,
  ILocalCopy,
  INamespace,
  INotebookRecord,
  IPackagePage,
  IPermissions,
  IPreview,
  IPreviewRequest,
  ISpecification,
  INotebookStatus,
  IStatus
} from './nouns';
import type { IApi, INotebookApi } from './types';

/** Environments asked for at a time. */
const ENVIRONMENT_PAGE_SIZE = 50;

/** Packages of a build asked for at a time. */
const PACKAGE_PAGE_SIZE = 100;

/** Builds asked for at a time. */
const BUILD_PAGE_SIZE = 20;

/** The routes as the server extension has them. Every method throws CondaStoreError. */
export class Api implements IApi, INotebookApi {
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

  environments(
    search: string,
    page: number,
    namespace = '',
    size = ENVIRONMENT_PAGE_SIZE,
    launchable = false
  ): Promise<IEnvironmentPage> {
    const filter = launchable ? 'true' : '';
    return this._get(
      `environments?${query({ search, namespace, launchable: filter, page, size })}`
    );
  }

  environment(namespace: string, name: string): Promise<IEnvironment> {
    return this._get(environmentPath(namespace, name));
  }

  updateEnvironment(
    namespace: string,
    name: string,
    change: IEnvironmentChange
  ): Promise<IEnvironment> {
    return this._send('PATCH', environmentPath(namespace, name), change);
  }

  deleteEnvironment(namespace: string, name: string): Promise<void> {
    return this._send('DELETE', environmentPath(namespace, name));
  }

  async namespaces(search: string): Promise<INamespace[]> {
    const answer = await this._get<{ namespaces: INamespace[] }>(
      `namespaces?${query({ search })}`
    );
    return answer.namespaces;
  }

  createNamespace(name: string): Promise<INamespace> {
    return this._send('POST', 'namespaces', { name });
  }

  deleteNamespace(name: string): Promise<void> {
    return this._send('DELETE', `namespaces/${encodeURIComponent(name)}`);
  }

  permissions(): Promise<IPermissions> {
    return this._get('permissions');
  }

  builds(namespace: string, name: string, page: number): Promise<IBuildPage> {
    const path = `${environmentPath(namespace, name)}/builds`;
    return this._get(`${path}?${query({ page, size: BUILD_PAGE_SIZE })}`);
  }

  build(id: number): Promise<IBuildDetail> {
    return this._get(`builds/${id}`);
  }

  /** Emitted when a build was begun here. */
  get buildStarted(): ISignal<this, IBuildDetail> {
    return this._buildStarted;
  }

  async createBuild(build: IBuildRequest): Promise<IBuildDetail> {
    return this._started(await this._send('POST', 'builds', build));
  }

  async rebuild(id: number): Promise<IBuildDetail> {
    return this._started(await this._send('POST', `builds/${id}/rebuild`));
  }

  cancelBuild(id: number): Promise<IBuildDetail> {
    return this._send('POST', `builds/${id}/cancel`);
  }

  deleteBuild(id: number): Promise<void> {
    return this._send('DELETE', `builds/${id}`);
  }

  buildLog(id: number): Promise<IBuildLog> {
    return this._get(`builds/${id}/log`);
  }

  buildPackages(
    id: number,
    search: string,
    page: number
  ): Promise<IPackagePage> {
    const size = PACKAGE_PAGE_SIZE;
    return this._get(`builds/${id}/packages?${query({ search, page, size })}`);
  }

  buildSpecification(id: number): Promise<ISpecification> {
    return this._get(`builds/${id}/specification`);
  }

  buildChanges(id: number, since: number): Promise<IChanges> {
    return this._get(`builds/${id}/changes?${query({ since })}`);
  }

  artifactUrl(id: number, kind: ArtifactKind): string {
    return URLExt.join(
      this._settings.baseUrl,
      'conda-store',
      artifactPath(id, kind)
    );
  }

  async saveArtifact(id: number, kind: ArtifactKind): Promise<void> {
    const { appendToken, token } = this._settings;
    if (!appendToken || !token) {
      saveAddress(this.artifactUrl(id, kind));
      return;
    }
    // The server is at another host, for which the browser has no cookie; the token belongs into no address.
    const path = artifactPath(id, kind);
    const response = await respond(this._settings, this._messages, path);
    await saveResponse(response, `build-${id}-${kind}`);
  }

  preview(specification: IPreviewRequest): Promise<IPreview> {
    return this._send('POST', 'preview', specification);
  }

  convert(filename: string, base64: string): Promise<IConversion> {
    return this._send('POST', 'specifications/convert', { filename, base64 });
  }

  async packageNames(search: string): Promise<string[]> {
    const answer = await this._get<{ packages: string[] }>(
      `packages?${query({ search, page: 1, size: 100 })}`
    );
    return answer.packages;
  }

  async packageVersions(name: string): Promise<string[]> {
    const answer = await this._get<{ versions: string[] }>(
      `packages/${encodeURIComponent(name)}/versions`
    );
    return answer.versions;
  }

  async listCopies(): Promise<ILocalCopy[]> {
    const answer = await this._get<{ copies: ILocalCopy[] }>('copies');
    return answer.copies;
  }

  fetchCopy(build: IBuildReference): Promise<ILocalCopy> {
    const { namespace, environment, build_id } = build;
    return this._send('POST', 'copies', {
      namespace,
      environment,
      build_id
    });
  }

  cancel(key: string): Promise<ILocalCopy> {
    return this._send('POST', `copies/${encodeURIComponent(key)}/cancel`);
  }

  remove(key: string): Promise<void> {
    return this._send('DELETE', `copies/${encodeURIComponent(key)}`);
  }

  notebookRecord(kernelId: string): Promise<INotebookRecord> {
    return this._get(`notebooks/record?${query({ kernel_id: kernelId })}`);
  }

  standing(record: INotebookRecord, path: string): Promise<INotebookStatus> {
    return this._send('POST', `notebooks/status?${query({ path })}`, record);
  }

  async rebuildNotebook(
    record: INotebookRecord,
    path: string
  ): Promise<IBuildDetail> {
    const route = `notebooks/rebuild?${query({ path })}`;
    return this._started(await this._send('POST', route, record));
  }

  folder(path: string): Promise<IFolderDefault> {
    return this._get(`folder?${query({ path })}`);
  }

  startLocalStore(): Promise<ILocalStoreStatus> {
    return this._send('POST', 'local-store');
  }

  stopLocalStore(): Promise<ILocalStoreStatus> {
    return this._send('DELETE', 'local-store');
  }

  private _started(build: IBuildDetail): IBuildDetail {
    this._buildStarted.emit(build);
    return build;
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

  private readonly _buildStarted = new Signal<this, IBuildDetail>(this);
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

/** The path of one environment. */
function environmentPath(namespace: string, name: string): string {
  const parts = [namespace, name].map(encodeURIComponent);
  return ['environments', ...parts].join('/');
}

/** The path of a build's artifact. */
function artifactPath(id: number, kind: ArtifactKind): string {
  return `builds/${id}/artifacts/${kind}`;
}

/** A query string of what is not empty. */
function query(params: Record<string, string | number>): string {
  const chosen = Object.entries(params).filter(([, value]) => value !== '');
  return String(
    new URLSearchParams(chosen.map(([key, value]) => [key, String(value)]))
  );
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
