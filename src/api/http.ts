/** The routes of the server extension, asked over HTTP. */

import { ServerConnection } from '@jupyterlab/services';
import type { ITranslator } from '@jupyterlab/translation';
import { nullTranslator } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
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
  IFindings,
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
import { artifactPath, environmentPath, query, SIZES } from './paths';
import { messagesFrom, Routes } from './routes';
import type { IApi, INotebookApi } from './types';

/** The routes as the server extension has them. Every method throws CondaStoreError. */
export class Api extends Routes implements IApi, INotebookApi {
  constructor(options: Api.IOptions = {}) {
    const translator = options.translator ?? nullTranslator;
    super(
      options.serverSettings ?? ServerConnection.makeSettings(),
      messagesFrom(translator.load('conda_store_labext'))
    );
  }

  status(): Promise<IStatus> {
    return this.get('status');
  }

  check(): Promise<IFindings> {
    return this.send('POST', 'check');
  }

  environments(
    search: string,
    page: number,
    namespace = '',
    size = SIZES.environments,
    launchable = false
  ): Promise<IEnvironmentPage> {
    const filter = { search, namespace, launchable: launchable ? 'true' : '' };
    return this.get(`environments?${query({ ...filter, page, size })}`);
  }

  environment(namespace: string, name: string): Promise<IEnvironment> {
    return this.get(environmentPath(namespace, name));
  }

  updateEnvironment(
    namespace: string,
    name: string,
    change: IEnvironmentChange
  ): Promise<IEnvironment> {
    return this.send('PATCH', environmentPath(namespace, name), change);
  }

  deleteEnvironment(namespace: string, name: string): Promise<void> {
    return this.send('DELETE', environmentPath(namespace, name));
  }

  async namespaces(search: string): Promise<INamespace[]> {
    const path = `namespaces?${query({ search })}`;
    return (await this.get<{ namespaces: INamespace[] }>(path)).namespaces;
  }

  createNamespace(name: string): Promise<INamespace> {
    return this.send('POST', 'namespaces', { name });
  }

  deleteNamespace(name: string): Promise<void> {
    return this.send('DELETE', `namespaces/${encodeURIComponent(name)}`);
  }

  permissions(): Promise<IPermissions> {
    return this.get('permissions');
  }

  builds(namespace: string, name: string, page: number): Promise<IBuildPage> {
    const path = `${environmentPath(namespace, name)}/builds`;
    return this.get(`${path}?${query({ page, size: SIZES.builds })}`);
  }

  build(id: number): Promise<IBuildDetail> {
    return this.get(`builds/${id}`);
  }

  /** Emitted when a build was begun here. */
  get buildStarted(): ISignal<this, IBuildDetail> {
    return this._buildStarted;
  }

  async createBuild(build: IBuildRequest): Promise<IBuildDetail> {
    return this._started(await this.send('POST', 'builds', build));
  }

  async rebuild(id: number): Promise<IBuildDetail> {
    return this._started(await this.send('POST', `builds/${id}/rebuild`));
  }

  cancelBuild(id: number): Promise<IBuildDetail> {
    return this.send('POST', `builds/${id}/cancel`);
  }

  deleteBuild(id: number): Promise<void> {
    return this.send('DELETE', `builds/${id}`);
  }

  buildLog(id: number): Promise<IBuildLog> {
    return this.get(`builds/${id}/log`);
  }

  buildPackages(
    id: number,
    search: string,
    page: number
  ): Promise<IPackagePage> {
    const size = SIZES.packages;
    return this.get(`builds/${id}/packages?${query({ search, page, size })}`);
  }

  buildSpecification(id: number): Promise<ISpecification> {
    return this.get(`builds/${id}/specification`);
  }

  buildChanges(id: number, since: number): Promise<IChanges> {
    return this.get(`builds/${id}/changes?${query({ since })}`);
  }

  artifactUrl(id: number, kind: ArtifactKind): string {
    return this.address(artifactPath(id, kind));
  }

  saveArtifact(id: number, kind: ArtifactKind): Promise<void> {
    return this.save(artifactPath(id, kind), `build-${id}-${kind}`);
  }

  preview(specification: IPreviewRequest): Promise<IPreview> {
    return this.send('POST', 'preview', specification);
  }

  convert(filename: string, base64: string): Promise<IConversion> {
    return this.send('POST', 'specifications/convert', { filename, base64 });
  }

  async packageNames(search: string): Promise<string[]> {
    const answer = await this.get<{ packages: string[] }>(
      `packages?${query({ search, page: 1, size: 100 })}`
    );
    return answer.packages;
  }

  async packageVersions(name: string): Promise<string[]> {
    const answer = await this.get<{ versions: string[] }>(
      `packages/${encodeURIComponent(name)}/versions`
    );
    return answer.versions;
  }

  async listCopies(): Promise<ILocalCopy[]> {
    const answer = await this.get<{ copies: ILocalCopy[] }>('copies');
    return answer.copies;
  }

  fetchCopy(build: IBuildReference): Promise<ILocalCopy> {
    const { namespace, environment, build_id } = build;
    return this.send('POST', 'copies', { namespace, environment, build_id });
  }

  cancel(key: string): Promise<ILocalCopy> {
    return this.send('POST', `copies/${encodeURIComponent(key)}/cancel`);
  }

  remove(key: string): Promise<void> {
    return this.send('DELETE', `copies/${encodeURIComponent(key)}`);
  }

  notebookRecord(kernelId: string): Promise<INotebookRecord> {
    return this.get(`notebooks/record?${query({ kernel_id: kernelId })}`);
  }

  namedKernel(name: string): Promise<IBuildReference> {
    return this.get(`notebooks/kernel?${query({ name })}`);
  }

  notebookStatus(
    record: INotebookRecord,
    path: string
  ): Promise<INotebookStatus> {
    return this.send('POST', `notebooks/status?${query({ path })}`, record);
  }

  async rebuildNotebook(
    record: INotebookRecord,
    path: string
  ): Promise<IBuildDetail> {
    const route = `notebooks/rebuild?${query({ path })}`;
    return this._started(await this.send('POST', route, record));
  }

  folder(path: string): Promise<IFolderDefault> {
    return this.get(`folder?${query({ path })}`);
  }

  startLocalStore(): Promise<ILocalStoreStatus> {
    return this.send('POST', 'local-store');
  }

  stopLocalStore(): Promise<ILocalStoreStatus> {
    return this.send('DELETE', 'local-store');
  }

  private _started(build: IBuildDetail): IBuildDetail {
    this._buildStarted.emit(build);
    return build;
  }

  private readonly _buildStarted = new Signal<this, IBuildDetail>(this);
}

export namespace Api {
  /** The options of an Api; everything has a default. */
  export interface IOptions {
    serverSettings?: ServerConnection.ISettings;
    translator?: ITranslator;
  }
}
