/** A conda-store in memory: the replaceable source of the model's tests. */

import type { IApi } from '../../api';
import type { CondaStoreError } from '../../api/request';
import type {
  ArtifactKind,
  IBuild,
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
  IFinding,
  IFindings,
  ILocalStoreStatus,
  ILocalCopy,
  INamespace,
  IPackage,
  IPackagePage,
  IPermissions,
  IPreview,
  IPreviewRequest,
  ISpecification,
  IStatus
} from '../../tokens';
import {
  build,
  changes,
  detail,
  environment,
  localStore,
  localCopy,
  status
} from './nouns';

const filters = (launchable: boolean) => (launchable ? ['launchable'] : []);

/** Answers from its fields; `calls` tells what it was asked; `gate` holds answers back. */
export class FakeApi implements IApi {
  calls: string[] = [];
  answer: IStatus = status();
  rows: IEnvironment[] = [];
  buildRows: IBuild[] = [];
  details: Record<number, Partial<IBuildDetail>> = {};
  logs: Record<number, Partial<IBuildLog>> = {};
  packages: IPackage[] = [];
  specification =
    'name: data\nchannels:\n  - conda-forge\ndependencies:\n  - python\n';
  lockfile = false;
  changed: IChanges = changes();
  previewed: IPreview = { packages: [], changes: null, size: null };
  converted: IConversion = {
    name: 'data',
    specification: this.specification,
    is_lockfile: false,
    notes: []
  };
  namespaceList: INamespace[] = [
    {
      name: 'default',
      environments: 1,
      may: ['create_environment', 'delete']
    }
  ];
  permitted: IPermissions = {
    authenticated: true,
    primary_namespace: 'default',
    create_namespace: true,
    expires: null
  };
  /** The versions of the packages that the channels have, by name, newest first. */
  known: Record<string, string[]> = { python: ['3.13.0', '3.12.1'] };
  copies: ILocalCopy[] = [];
  /** The answer to POST copies. */
  started: ILocalCopy = localCopy();
  /** The error that the route of that name fails with. */
  failures: Record<string, CondaStoreError> = {};
  /** The promise that an answer waits for, by the call's text. */
  gates: Record<string, Promise<void>> = {};
  pageSize = 2;

  async status(): Promise<IStatus> {
    await this._called('status');
    return this.answer;
  }

  /** The answer to POST check. */
  findings: IFinding[] = [];

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

  async builds(
    namespace: string,
    name: string,
    page: number
  ): Promise<IBuildPage> {
    await this._called('builds', `${namespace}/${name}`, page);
    const size = this.pageSize;
    return {
      builds: this.buildRows.slice((page - 1) * size, page * size),
      page,
      size,
      count: this.buildRows.length
    };
  }

  async build(id: number): Promise<IBuildDetail> {
    await this._called('build', id);
    return this._detail(id);
  }

  async createBuild(request: IBuildRequest): Promise<IBuildDetail> {
    await this._called('createBuild', JSON.stringify(request));
    return { ...this._detail(2), status: 'QUEUED' };
  }

  async rebuild(id: number): Promise<IBuildDetail> {
    await this._called('rebuild', id);
    return this._detail(id + 1);
  }

  async cancelBuild(id: number): Promise<IBuildDetail> {
    await this._called('cancelBuild', id);
    return this._detail(id);
  }

  async deleteBuild(id: number): Promise<void> {
    await this._called('deleteBuild', id);
    this.buildRows = this.buildRows.filter(row => row.id !== id);
  }

  async buildLog(id: number): Promise<IBuildLog> {
    await this._called('buildLog', id);
    return {
      build_id: id,
      text: '',
      truncated: false,
      complete: false,
      stage: null,
      first_error: null,
      ...this.logs[id]
    };
  }

  async buildPackages(
    id: number,
    search: string,
    page: number
  ): Promise<IPackagePage> {
    await this._called('buildPackages', id, search, page);
    const packages = this.packages.filter(row => row.name.includes(search));
    const size = this.pageSize;
    return {
      packages: packages.slice((page - 1) * size, page * size),
      page,
      size,
      count: packages.length
    };
  }

  async buildSpecification(id: number): Promise<ISpecification> {
    await this._called('buildSpecification', id);
    return {
      build_id: id,
      text: this.specification,
      is_lockfile: this.lockfile
    };
  }

  async buildChanges(id: number, since: number): Promise<IChanges> {
    await this._called('buildChanges', id, since);
    return { ...this.changed, since, build_id: id };
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

  private _row(namespace: string, name: string): IEnvironment {
    const row = this.rows.find(
      row => row.namespace === namespace && row.name === name
    );
    return row ?? environment(name, { namespace });
  }

  private _detail(id: number): IBuildDetail {
    const row =
      this.buildRows.find(({ id: other }) => other === id) ?? build(id);
    return { ...detail(row), ...this.details[id] };
  }

  private async _called(route: string, ...args: unknown[]): Promise<void> {
    const call = [route, ...args].join(' ');
    this.calls.push(call);
    await this.gates[call];
    if (this.failures[route]) {
      throw this.failures[route];
    }
  }
}
