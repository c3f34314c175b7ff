/** The names other plugins may use: the nouns, the model's token and the ids of the commands. */

import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type {
  IBuildReference,
  IEnvironment,
  ILocalCopy,
  IStatus
} from './api/nouns';

export type * from './api/nouns';

/** The state of conda-store as the extension knows it, live. */
export interface ICondaStoreModel extends IDisposable {
  /** Emitted after every change of any field. */
  readonly stateChanged: ISignal<ICondaStoreModel, void>;
  /** The status of the Jupyter server's connection with conda-store; null before the first answer. */
  readonly status: IStatus | null;
  /** The environments that match the search, as far as they were fetched, by namespace and name. */
  readonly environments: ReadonlyArray<IEnvironment>;
  /** The local copies: the ready ones, those in the making and those that just failed. */
  readonly localCopies: ReadonlyArray<ILocalCopy>;
  /** Ask the server again for what is shown. */
  refresh(): Promise<void>;
  /** Make a build's local copy if need be; resolves with it once it is ready to run. */
  fetchCopy(build: IBuildReference): Promise<ILocalCopy>;
}

/** The token that gives other plugins the model. */
export const ICondaStoreModel = new Token<ICondaStoreModel>(
  'conda-store-labext:ICondaStoreModel',
  'Lists the environments of conda-store and makes local copies of their builds.'
);

/** The id of the panel, which is in the left sidebar by default. */
export const PANEL_ID = 'conda-store-panel';

/** The ids of the extension's commands. */
export namespace CommandIDs {
  export const open = 'conda-store:open';
  export const refresh = 'conda-store:refresh';
  export const newEnvironment = 'conda-store:new-environment';
  export const cloneEnvironment = 'conda-store:clone-environment';
  export const importEnvironment = 'conda-store:import-environment';
  export const buildFile = 'conda-store:build-file';
  export const launchFile = 'conda-store:launch-file';
  export const exportBuild = 'conda-store:export';
  export const choose = 'conda-store:choose-environment';
  export const launch = 'conda-store:launch';
  export const launchTile = 'conda-store:launch-tile';
  export const openConsole = 'conda-store:open-console';
  export const useKernel = 'conda-store:use-kernel';
  export const useInFolder = 'conda-store:use-in-folder';
  export const cancel = 'conda-store:cancel';
  export const remove = 'conda-store:remove-copy';
  export const openEnvironment = 'conda-store:open-environment';
  export const editEnvironment = 'conda-store:edit-environment';
  export const setActiveBuild = 'conda-store:set-active-build';
  export const rebuild = 'conda-store:rebuild';
  export const cancelBuild = 'conda-store:cancel-build';
  export const deleteBuild = 'conda-store:delete-build';
  export const deleteEnvironment = 'conda-store:delete-environment';
  export const deleteNamespace = 'conda-store:delete-namespace';
  export const toggleFavourite = 'conda-store:toggle-favourite';
  export const check = 'conda-store:check';
  export const startLocalStore = 'conda-store:start-local-store';
  export const stopLocalStore = 'conda-store:stop-local-store';
  export const shareMachine = 'conda-store:share-machine-environment';
  export const writeRequirements = 'conda-store:write-requirements';
  export const createVenv = 'conda-store:create-venv';
  export const openMachine = 'conda-store:open-machine-environment';
  export const terminalMachine = 'conda-store:open-terminal';
  export const recreateMachine = 'conda-store:recreate-machine-environment';
  export const launchMachine = 'conda-store:launch-machine-environment';
  export const registerMachine = 'conda-store:register-machine-environment';
  export const addKernelMachine = 'conda-store:add-kernel-package';
  export const openRepository = 'conda-store:open-repository';
  export const followLink = 'conda-store:follow-link';
  export const writeBack = 'conda-store:write-back';
  export const copyLink = 'conda-store:copy-link';
  export const removeMachine = 'conda-store:remove-machine-environment';
}
