/**
 * The nouns that come from the server extension, named as in `conda_store_labext/models.py`, and the
 * names other plugins may use: the model's token and the ids of the commands.
 *
 * Times are ISO 8601 strings in UTC without a zone, sizes are bytes.
 */

import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

/** Where a build stands, in conda-store's own words. */
export type BuildStatus =
  'QUEUED' | 'BUILDING' | 'COMPLETED' | 'FAILED' | 'CANCELED';

/** Where a local copy stands. */
export type MaterialisationState =
  'waiting' | 'running' | 'ready' | 'failed' | 'cancelled';

/** What a running materialisation is doing. */
export type Step = 'connect' | 'extract' | 'prefix' | 'publish' | 'register';

/** Where the embedded conda-store stands. */
export type LocalStoreState =
  'unavailable' | 'stopped' | 'starting' | 'running' | 'failed';

/** An error as the panel shows it: a stable code and one sentence. */
export interface IErrorInfo {
  code: string;
  message: string;
}

/** One environment of the server: a row of the panel. */
export interface IEnvironment {
  id: number;
  namespace: string;
  name: string;
  description: string;
  current_build_id: number | null;
  status: BuildStatus | null;
  launchable: boolean;
  running_build_id: number | null;
  running_status: BuildStatus | null;
}

/** A page of environments; `page` counts from 1, `count` is over all pages. */
export interface IEnvironmentPage {
  environments: IEnvironment[];
  page: number;
  size: number;
  count: number;
}

/** One build of an environment, as lists give it. */
export interface IBuild {
  id: number;
  environment_id: number;
  namespace: string;
  environment: string;
  status: BuildStatus;
  scheduled_on: string | null;
  started_on: string | null;
  ended_on: string | null;
  size: number;
}

/** One build with its artifacts, and in the log's own words why it failed. */
export interface IBuildDetail extends IBuild {
  artifacts: string[];
  launchable: boolean;
  reason: string | null;
}

/** A page of builds, newest first; `page` counts from 1, `count` is over all pages. */
export interface IBuildPage {
  builds: IBuild[];
  page: number;
  size: number;
  count: number;
}

/** A kernelspec that was registered from an environment. */
export interface IKernel {
  name: string;
  display_name: string;
  language: string;
}

/** A build's local copy, whole or in the making. */
export interface IMaterialisation {
  key: string;
  server: string;
  namespace: string;
  environment: string;
  build_id: number;
  state: MaterialisationState;
  step: Step | null;
  bytes_done: number;
  bytes_total: number | null;
  files: number;
  prefix: string | null;
  kernels: IKernel[];
  error: IErrorInfo | null;
}

/** The embedded conda-store; `progress` is between 0 and 1, null when unknown. */
export interface ILocalStoreStatus {
  state: LocalStoreState;
  url: string | null;
  pid: number | null;
  channel: string | null;
  step: string | null;
  progress: number | null;
  message: string;
}

/** How the Jupyter server stands with conda-store. */
export interface IStatus {
  url: string | null;
  reachable: boolean;
  authenticated: boolean;
  version: string | null;
  error: IErrorInfo | null;
  local_store: ILocalStoreStatus;
}

/** A build to run: `build_id` null means the environment's active build. */
export interface IBuildReference {
  namespace: string;
  environment: string;
  build_id: number | null;
}

/** What the extension knows of conda-store, live. */
export interface ICondaStoreModel extends IDisposable {
  /** Emitted after every change of any field. */
  readonly stateChanged: ISignal<ICondaStoreModel, void>;
  /** How the Jupyter server stands with conda-store; null before the first answer. */
  readonly status: IStatus | null;
  /** The environments that match the search, as far as they were fetched, by namespace and name. */
  readonly environments: ReadonlyArray<IEnvironment>;
  /** The local copies: the ready ones, those in the making and those that just failed. */
  readonly materialisations: ReadonlyArray<IMaterialisation>;
  /** Ask the server again for what is shown. */
  refresh(): Promise<void>;
  /** Make a build's local copy if need be; resolves with it once it is ready to run. */
  materialise(build: IBuildReference): Promise<IMaterialisation>;
}

/** The token that gives other plugins the model. */
export const ICondaStoreModel = new Token<ICondaStoreModel>(
  'conda-store-labext:ICondaStoreModel',
  'Lists the environments of conda-store and makes local copies of their builds.'
);

/** The id of the panel in the left sidebar. */
export const PANEL_ID = 'conda-store-panel';

/** The ids of the extension's commands. */
export namespace CommandIDs {
  export const open = 'conda-store:open';
  export const refresh = 'conda-store:refresh';
  export const choose = 'conda-store:choose-environment';
  export const launch = 'conda-store:launch';
  export const openConsole = 'conda-store:open-console';
  export const useKernel = 'conda-store:use-kernel';
  export const cancel = 'conda-store:cancel';
  export const remove = 'conda-store:remove-copy';
  export const startLocalStore = 'conda-store:start-local-store';
  export const stopLocalStore = 'conda-store:stop-local-store';
}
