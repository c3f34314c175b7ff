/** A conda-store in memory: the replaceable source of the model's tests. */

import type { IApi } from '../../api';
import type {
  ArtifactKind,
  IBuildReference,
  IConversion,
  IEnvironment,
  IEnvironmentChange,
  IEnvironmentPage,
  IFindings,
  ILocalStoreStatus,
  ILocalCopy,
  INamespace,
  IPermissions,
  IPreview,
  IPreviewRequest,
  IStatus
} from '../../tokens';
import { localStore } from './nouns';
import { FakeBuilds } from './builds';

const filters = (launchable: boolean) => (launchable ? ['launchable'] : []);

/** Answers from its fields; `calls` tells what it was asked; `gates` hold answers back. */
export class FakeApi extends FakeBuilds implements IApi {
  async status(): Promise<IStatus> {
    await this._called('status');
    return this.answer;
  }

  async check(): Promise<IFindings> {
    await this._called('check');
    return { findings: this.findings };
  }

  async environments(
    search: string,
    page: number,
    namespace = '',
    size = this.pageSize,
    launchable = false
  ): Promise<IEnvironmentPage> {
    const rows = this.rows.filter(
      row =>
        row.name.includes(search) &&
        (!namespace || row.namespace === namespace) &&
        (!launchable || row.launchable)
    );
    const asked = namespace ? [search, page, namespace] : [search, page];
    await this._called('environments', ...asked, ...filters(launchable));
    return {
      environments: rows.slice((page - 1) * size, page * size),
      page,
      size,
      count: rows.length
    };
  }

  async environment(namespace: string, name: string): Promise<IEnvironment> {
    await this._called('environment', `${namespace}/${name}`);
    return this._row(namespace, name);
  }

  async updateEnvironment(
    namespace: string,
    name: string,
    change: IEnvironmentChange
  ): Promise<IEnvironment> {
    const path = `${namespace}/${name}`;
    await this._called('updateEnvironment', path, JSON.stringify(change));
    return Object.assign(this._row(namespace, name), change);
  }

  async deleteEnvironment(namespace: string, name: string): Promise<void> {
    await this._called('deleteEnvironment', `${namespace}/${name}`);
    const gone = this._row(namespace, name);
    this.rows = this.rows.filter(row => row !== gone);
  }

  async namespaces(search: string): Promise<INamespace[]> {
    await this._called('namespaces', search);
    if (this.namespaceList.length) {
      return this.namespaceList;
    }
    const rows = this.rows.filter(row => row.name.includes(search));
    return [...new Set(rows.map(row => row.namespace))].map(name => ({
      name,
      environments: rows.filter(row => row.namespace === name).length,
      may: ['create_environment']
    }));
  }

  async createNamespace(name: string): Promise<INamespace> {
    await this._called('createNamespace', name);
    const made: INamespace = {
      ...this.namespaceList[0],
      name,
      environments: 0
    };
    this.namespaceList = [...this.namespaceList, made];
    return made;
  }

  async deleteNamespace(name: string): Promise<void> {
    await this._called('deleteNamespace', name);
    this.namespaceList = this.namespaceList.filter(row => row.name !== name);
  }

  async permissions(): Promise<IPermissions> {
    await this._called('permissions');
    return this.permitted;
  }

  artifactUrl(id: number, kind: ArtifactKind): string {
    return `/conda-store/builds/${id}/artifacts/${kind}`;
  }

  async saveArtifact(id: number, kind: ArtifactKind): Promise<void> {
    await this._called('saveArtifact', id, kind);
  }

  async preview(request: IPreviewRequest): Promise<IPreview> {
    await this._called('preview', JSON.stringify(request));
    return this.previewed;
  }

  async convert(filename: string, base64: string): Promise<IConversion> {
    await this._called('convert', filename);
    return this.converted;
  }

  async packageNames(search: string): Promise<string[]> {
    await this._called('packageNames', search);
    return Object.keys(this.known).filter(name => name.includes(search));
  }

  async packageVersions(name: string): Promise<string[]> {
    await this._called('packageVersions', name);
    return this.known[name] ?? [];
  }

  async listCopies(): Promise<ILocalCopy[]> {
    const copies = this.copies;
    await this._called('listCopies');
    return copies;
  }

  async fetchCopy(reference: IBuildReference): Promise<ILocalCopy> {
    const { namespace, environment: name, build_id } = reference;
    await this._called('fetchCopy', `${namespace}/${name}`, build_id);
    return this.started;
  }

  async cancel(key: string): Promise<ILocalCopy> {
    await this._called('cancel', key);
    return { ...this.started, state: 'cancelled' };
  }

  async remove(key: string): Promise<void> {
    await this._called('remove', key);
  }

  async startLocalStore(): Promise<ILocalStoreStatus> {
    await this._called('startLocalStore');
    return localStore({ state: 'starting', message: 'Starting.' });
  }

  async stopLocalStore(): Promise<ILocalStoreStatus> {
    await this._called('stopLocalStore');
    return localStore();
  }
}
