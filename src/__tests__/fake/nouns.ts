/** The server's nouns with something in every field, of which a test says what matters to it. */

import { CondaStoreError } from '../../api/request';
import type {
  IBuild,
  IBuildDetail,
  IChanges,
  IEnvironment,
  ILocalStoreStatus,
  ILocalCopy,
  INotebookRecord,
  INotebookStatus,
  IPackage,
  IStatus,
  NotebookState
} from '../../tokens';

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
    may: ['build', 'edit', 'delete', 'cancel', 'delete_build'],
    ...rest
  };
}

export function somePackage(
  name: string,
  rest: Partial<IPackage> = {}
): IPackage {
  return {
    name,
    version: '1.0',
    build: 'py_0',
    channel: 'conda-forge',
    summary: '',
    size: null,
    manager: 'conda',
    ...rest
  };
}

export function changes(rest: Partial<IChanges> = {}): IChanges {
  return {
    since: 1,
    build_id: 2,
    added: [],
    removed: [],
    upgraded: [],
    downgraded: [],
    rebuilt: [],
    specification: '',
    ...rest
  };
}

/** A build with what its own address tells besides, as long as its archive is not there. */
export function detail(row: IBuild): IBuildDetail {
  return {
    ...row,
    artifacts: ['DIRECTORY'],
    launchable: false,
    reason: null,
    deleted: false,
    packing: false
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

export function localCopy(rest: Partial<ILocalCopy> = {}): ILocalCopy {
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
    way: null,
    bytes_saved: null,
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

/** The server is away. */
export const UNREACHABLE = new CondaStoreError(
  'server_unreachable',
  'The conda-store server at store.example does not answer.'
);

/** The record of a notebook that ran on build 7. */
export const notebookRecord: INotebookRecord = {
  kernel: 'conda-store-default-data-0123abcd-7-python3',
  server: 'http://store/conda-store',
  namespace: 'default',
  environment: 'data',
  build_id: 7,
  lockfile: 'abc',
  platform: 'linux-64',
  additions: ['seaborn==0.13.2']
};

export function notebookStatus(
  state: NotebookState,
  more: Partial<INotebookStatus> = {}
): INotebookStatus {
  return {
    state,
    message: 'A sentence.',
    here: false,
    fetchable: false,
    active_build_id: null,
    changes: '',
    rebuildable: false,
    missing_additions: [],
    ...more
  };
}
