/** A conda-store in memory: the replaceable source of the model's tests. */

import type { IApi } from '../api';
import { CondaStoreError } from '../request';
import type {
  IBuild,
  IBuildDetail,
  IBuildPage,
  IBuildReference,
  IEnvironment,
  IEnvironmentPage,
  ILocalStoreStatus,
  IMaterialisation,
  IStatus
} from '../tokens';

export const SERVER = 'https://store.example/conda-store';

export function environment(
  name: string,
  rest: Partial<IEnvironment> = {}
): IEnvironment {
  return {
    id: 1,
    namespace: 'default',
    name,
    description: '',
    current_build_id: 1,
    status: 'COMPLETED',
    launchable: true,
    running_build_id: null,
    running_status: null,
    ...rest
  };
}

export function build(id: number, rest: Partial<IBuild> = {}): IBuild {
  return {
    id,
    environment_id: 1,
    namespace: 'default',
    environment: 'data',
    status: 'COMPLETED',
    scheduled_on: '2026-11-01T10:00:00',
    started_on: '2026-11-01T10:00:01',
    ended_on: '2026-11-01T10:00:20',
    size: 27_000_000,
    ...rest
  };
}

export function materialisation(
  rest: Partial<IMaterialisation> = {}
): IMaterialisation {
  return {
    key: 'abcdef01-1',
    server: SERVER,
    namespace: 'default',
    environment: 'data',
    build_id: 1,
    state: 'ready',
    step: null,
    bytes_done: 0,
    bytes_total: null,
    files: 0,
    prefix: '/home/someone/conda-store/v1/abcdef01-1',
    kernels: [
      {
        name: 'conda-store-abcdef01-1-python3',
        display_name: 'default/data (Python)',
        language: 'python'
      }
    ],
    error: null,
    ...rest
  };
}

export function localStore(
  rest: Partial<ILocalStoreStatus> = {}
): ILocalStoreStatus {
  return {
    state: 'stopped',
    url: null,
    pid: null,
    channel: null,
    step: null,
    progress: null,
    message: 'The local store is stopped.',
    ...rest
  };
}

export function status(rest: Partial<IStatus> = {}): IStatus {
  return {
    url: SERVER,
    reachable: true,
    authenticated: true,
    version: '2025.2.2',
    error: null,
    local_store: localStore(),
    ...rest
  };
}

/** Answers from its fields; `calls` tells what it was asked; `gate` holds answers back. */
export class FakeApi implements IApi {
  calls: string[] = [];
  answer: IStatus = status();
  rows: IEnvironment[] = [];
  buildRows: IBuild[] = [];
  details: Record<number, Partial<IBuildDetail>> = {};
  copies: IMaterialisation[] = [];
  /** What POST materialisations answers. */
  started: IMaterialisation = materialisation();
  /** What the route of that name fails with. */
  failures: Record<string, CondaStoreError> = {};
  /** What an answer waits for, by the call's text. */
  gates: Record<string, Promise<void>> = {};
  pageSize = 2;

  async status(): Promise<IStatus> {
    await this._called('status');
    return this.answer;
  }

  async environments(search: string, page: number): Promise<IEnvironmentPage> {
    const found = this.rows.filter(row => row.name.includes(search));
    const size = this.pageSize;
    await this._called('environments', search, page);
    return {
      environments: found.slice((page - 1) * size, page * size),
      page,
      size,
      count: found.length
    };
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
    return {
      ...build(id),
      artifacts: [],
      launchable: false,
      reason: null,
      ...this.details[id]
    };
  }

  async materialisations(): Promise<IMaterialisation[]> {
    const copies = this.copies;
    await this._called('materialisations');
    return copies;
  }

  async materialise(reference: IBuildReference): Promise<IMaterialisation> {
    const { namespace, environment: name, build_id } = reference;
    await this._called('materialise', `${namespace}/${name}`, build_id);
    return this.started;
  }

  async cancel(key: string): Promise<IMaterialisation> {
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

  private async _called(route: string, ...args: unknown[]): Promise<void> {
    const call = [route, ...args].join(' ');
    this.calls.push(call);
    await this.gates[call];
    if (this.failures[route]) {
      throw this.failures[route];
    }
  }
}

/** The server is away. */
export const UNREACHABLE = new CondaStoreError(
  'server_unreachable',
  'The conda-store server at store.example does not answer.'
);
