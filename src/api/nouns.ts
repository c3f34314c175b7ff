/**
 * The nouns that come from the server extension, named as in `conda_store_labext/models/`.
 *
 * Times are ISO 8601 strings in UTC without a zone, sizes are bytes.
 */

/** Where a build stands, in conda-store's own words. */
export type BuildStatus =
  'QUEUED' | 'BUILDING' | 'COMPLETED' | 'FAILED' | 'CANCELED';

/** Where a local copy stands. */
export type CopyState =
  'waiting' | 'running' | 'ready' | 'failed' | 'cancelled';

/** What a running copy is doing. */
export type Step = 'connect' | 'extract' | 'prefix' | 'publish' | 'register';

/** Where the embedded conda-store stands. */
export type LocalStoreState =
  'unavailable' | 'stopped' | 'starting' | 'running' | 'failed';

/** An error as the panel shows it: a stable code and one sentence. */
export interface IErrorInfo {
  code: string;
  message: string;
}

/** What the user may do with an environment; `edit` is its description and active build. */
export type Action = 'build' | 'edit' | 'delete' | 'cancel' | 'delete_build';

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
  may: Action[];
}

/** A page of environments; `page` counts from 1, `count` is over all pages. */
export interface IEnvironmentPage {
  environments: IEnvironment[];
  page: number;
  size: number;
  count: number;
}

/** What the user may do with a namespace. */
export type NamespaceAction = 'create_environment' | 'delete';

/** A namespace, with how many environments of it match the search. */
export interface INamespace {
  name: string;
  environments: number;
  may: NamespaceAction[];
}

/** Whom the server takes the user for; `expires` is null when it does not say. */
export interface IPermissions {
  authenticated: boolean;
  primary_namespace: string;
  create_namespace: boolean;
  expires: string | null;
}

/** What can be changed of an environment. */
export interface IEnvironmentChange {
  description?: string;
  current_build_id?: number;
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

/** The first line of a log that speaks of an error; `line` counts from 0 in the log's text. */
export interface IFirstError {
  line: number;
  text: string;
}

/**
 * What a build has logged: all of it, or only the end when `truncated`. `complete` once the build has ended;
 * `stage` is what it is doing now.
 */
export interface IBuildLog {
  build_id: number;
  text: string;
  truncated: boolean;
  complete: boolean;
  stage: string | null;
  first_error: IFirstError | null;
}

/** What a build was made from: YAML, or the lockfile's JSON as text. */
export interface ISpecification {
  build_id: number;
  text: string;
  is_lockfile: boolean;
}

/** What is to be built; a lockfile says no name, so `environment` has to. */
export interface IBuildRequest {
  namespace: string;
  specification: string;
  is_lockfile?: boolean;
  environment?: string;
  description?: string;
}

/** A package of a build or of a preview. */
export interface IPackage {
  name: string;
  version: string;
  build: string;
  channel: string;
  summary: string;
  size: number | null;
  manager: 'conda' | 'pip';
}

/** A page of packages; `page` counts from 1, `count` is over all pages. */
export interface IPackagePage {
  packages: IPackage[];
  page: number;
  size: number;
  count: number;
}

/** A package whose version changed (of a rebuilt one: its build or channel). */
export interface IVersionChange {
  name: string;
  old: string;
  new: string;
}

/** What changed from build `since` to build `build_id`; null is what is not built. */
export interface IChanges {
  since: number | null;
  build_id: number | null;
  added: IPackage[];
  removed: IPackage[];
  upgraded: IVersionChange[];
  downgraded: IVersionChange[];
  /** The same version with another build string or channel. */
  rebuilt: IVersionChange[];
  /** The specifications' unified diff, empty when they are equal. */
  specification: string;
}

/** A specification to solve without building; compared with build `since` if given. */
export interface IPreviewRequest {
  namespace: string;
  specification: string;
  since: number | null;
}

/** What a specification would be solved to. */
export interface IPreview {
  packages: IPackage[];
  changes: IChanges | null;
  size: number | null;
}

/** A file turned into a specification; each note says what was not carried over. */
export interface IConversion {
  name: string;
  specification: string;
  is_lockfile: boolean;
  notes: string[];
}

/** What of a build can be saved as a file. */
export type ArtifactKind = 'archive' | 'lockfile' | 'yaml' | 'log';

/** A kernelspec that was registered from an environment. */
export interface IKernel {
  name: string;
  display_name: string;
  language: string;
}

/** A build's local copy, whole or in the making. */
export interface ILocalCopy {
  key: string;
  server: string;
  namespace: string;
  environment: string;
  build_id: number;
  state: CopyState;
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

/** What a notebook remembers of the build that it ran on. */
export interface INotebookRecord {
  kernel: string;
  server: string;
  namespace: string;
  environment: string;
  build_id: number;
  lockfile: string | null;
  platform: string | null;
}

/** Where a notebook's build stands. */
export type NotebookState =
  'here' | 'fetchable' | 'superseded' | 'deleted' | 'elsewhere' | 'unknown';

/** How a notebook's build stands, and what can be done about it. */
export interface INotebookStatus {
  state: NotebookState;
  message: string;
  here: boolean;
  fetchable: boolean;
  active_build_id: number | null;
  changes: string;
  rebuildable: boolean;
}

/** The environment of a folder's new notebooks; all null where no file says one. */
export interface IFolderDefault {
  path: string | null;
  namespace: string | null;
  environment: string | null;
  build_id: number | null;
}
