/** A Jupyter server's environments of this machine, without one. */

import type {
  ICreateRequest,
  IEnvironmentListing,
  IFolderEnvironment,
  IJob,
  IPackageRequest,
  IProvidedEnvironment,
  IProvider,
  IProvidersApi
} from '../../api/providers';
import { CondaStoreError } from '../../api/request';
import type { IKernel, IPackage } from '../../tokens';

/** A provider by its id, which names it, too. */
export function provider(id: string, title = id): IProvider {
  return { id, title, creates: id === 'machine', changes: false };
}

export function environment(
  name: string,
  rest: Partial<IProvidedEnvironment> = {}
): IProvidedEnvironment {
  return {
    provider: 'machine',
    key: name,
    name,
    display_name: `${name} (.venv, Python 3.12)`,
    kind: 'venv',
    prefix: `/home/me/${name}/.venv`,
    project: `/home/me/${name}`,
    python: '3.12.1',
    problem: null,
    kernels: [],
    ...rest
  };
}

export function job(state: string, rest: Partial<IJob> = {}): IJob {
  return {
    id: 'a',
    provider: 'machine',
    folder: '/home/me/p',
    state,
    log: 'Resolved 2 packages\n + six==1.17.0',
    environment: null,
    error: null,
    ...rest
  };
}

/** A Jupyter server with some environments. */
export class FakeProviders implements IProvidersApi {
  listed = [provider('conda-store'), { ...provider('machine'), changes: true }];
  found: Record<string, IProvidedEnvironment[]> = {};
  running: IJob[] = [];
  asked: unknown[] = [];
  failure: Error | null = null;
  nearest: IFolderEnvironment = {
    environment: null,
    problem: null,
    file: null
  };
  installed: IPackage[] = [];

  async providers() {
    if (this.failure) {
      throw this.failure;
    }
    return this.listed;
  }
  async environments(
    provider: string,
    folder: string
  ): Promise<IEnvironmentListing> {
    this.asked.push(['list', provider, folder]);
    if (provider === 'broken') {
      throw new CondaStoreError('internal', 'It is broken.');
    }
    return { environments: this.found[provider] ?? [], problem: null };
  }
  async folderEnvironment(path: string) {
    this.asked.push(['look', path]);
    return this.nearest;
  }
  async create(provider: string, wanted: ICreateRequest) {
    this.asked.push(['create', provider, wanted]);
    this.running = [job('running')];
    return this.running[0];
  }
  async register(row: IProvidedEnvironment, displayName = '') {
    const kernel: IKernel = {
      name: `machine-${row.name}`,
      display_name: displayName || row.display_name,
      language: 'python'
    };
    this.found.machine = [{ ...row, kernels: [kernel] }];
    return [kernel];
  }
  async change(row: IProvidedEnvironment, packages: IPackageRequest) {
    this.asked.push(['change', row.key, packages]);
    return job('running');
  }
  async recreate(row: IProvidedEnvironment) {
    this.asked.push(['recreate', row.key]);
    this.running = [job('running', { folder: row.key })];
    return this.running[0];
  }
  async packages() {
    return this.installed;
  }
  async preview(row: IProvidedEnvironment, packages: IPackageRequest) {
    this.asked.push(['preview', row.key, packages]);
    return {
      since: null,
      build_id: null,
      added: [],
      removed: [],
      upgraded: [{ name: 'six', old: '1.16.0', new: '1.17.0' }],
      downgraded: [],
      rebuilt: [],
      specification: ''
    };
  }
  async activation() {
    return '. /x/bin/activate';
  }
  async trust(row: IProvidedEnvironment) {
    this.asked.push(['trust', row.key]);
  }
  async specification() {
    return { specification: 'name: p\n', conda: [], pip: [], left_out: [] };
  }
  async useInProject({ key }: { key: string }, name: string) {
    this.asked.push(['use', key, name]);
    return '/p/.conda-store.yml';
  }
  async remove(row: IProvidedEnvironment) {
    this.asked.push(['remove', row.key]);
    this.found.machine = [];
  }
  async jobs() {
    return this.running;
  }
  async cancel(id: string) {
    this.running = [job('cancelled')];
    return this.running[0];
  }
}
