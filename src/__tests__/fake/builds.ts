/** The builds of a conda-store in memory. */

import type {
  IBuildDetail,
  IBuildLog,
  IBuildPage,
  IBuildRequest,
  IChanges,
  IPackagePage,
  ISpecification
} from '../../tokens';
import { FakeAnswers } from './answers';

/** Answers what is asked of builds. */
export class FakeBuilds extends FakeAnswers {
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
}
