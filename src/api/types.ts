/** The requests to the server extension, a method for each of its routes. */

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

/** The source that the model gets everything from; tests put another one in its place. */
export interface IApi {
  status(): Promise<IStatus>;
  /** Check server, folders and kernels, and return what was found. */
  check(): Promise<IFindings>;
  /** A page of environments; all namespaces unless one is named, `launchable` ones alone if asked. */
  environments(
    search: string,
    page: number,
    namespace?: string,
    size?: number,
    launchable?: boolean
  ): Promise<IEnvironmentPage>;
  environment(namespace: string, name: string): Promise<IEnvironment>;
  updateEnvironment(
    namespace: string,
    name: string,
    change: IEnvironmentChange
  ): Promise<IEnvironment>;
  deleteEnvironment(namespace: string, name: string): Promise<void>;
  namespaces(search: string): Promise<INamespace[]>;
  createNamespace(name: string): Promise<INamespace>;
  deleteNamespace(name: string): Promise<void>;
  permissions(): Promise<IPermissions>;
  builds(namespace: string, name: string, page: number): Promise<IBuildPage>;
  build(id: number): Promise<IBuildDetail>;
  createBuild(build: IBuildRequest): Promise<IBuildDetail>;
  rebuild(id: number): Promise<IBuildDetail>;
  cancelBuild(id: number): Promise<IBuildDetail>;
  deleteBuild(id: number): Promise<void>;
  buildLog(id: number): Promise<IBuildLog>;
  buildPackages(
    id: number,
    search: string,
    page: number
  ): Promise<IPackagePage>;
  buildSpecification(id: number): Promise<ISpecification>;
  /** Return the changes from build `since` to build `id`. */
  buildChanges(id: number, since: number): Promise<IChanges>;
  /** Return the address of a build's artifact; whoever requests it has to be signed in. */
  artifactUrl(id: number, kind: ArtifactKind): string;
  /** Have the browser save a build's artifact. */
  saveArtifact(id: number, kind: ArtifactKind): Promise<void>;
  /** Solve a specification without building it. */
  preview(specification: IPreviewRequest): Promise<IPreview>;
  /** Turn a file's text into a specification. */
  convert(filename: string, base64: string): Promise<IConversion>;
  /** The names of packages that contain the search, at most a hundred. */
  packageNames(search: string): Promise<string[]>;
  /** The versions of a package, newest first. */
  packageVersions(name: string): Promise<string[]>;
  listCopies(): Promise<ILocalCopy[]>;
  fetchCopy(build: IBuildReference): Promise<ILocalCopy>;
  cancel(key: string): Promise<ILocalCopy>;
  remove(key: string): Promise<void>;
  startLocalStore(): Promise<ILocalStoreStatus>;
  stopLocalStore(): Promise<ILocalStoreStatus>;
}

/** The requests about notebooks and for them. */
export interface INotebookApi {
  /** Return the record that a notebook is to keep of a running kernel. */
  notebookRecord(kernelId: string): Promise<INotebookRecord>;
  /** The build or environment that a kernel's name stands for which is not in Jupyter's list. */
  namedKernel(name: string): Promise<IBuildReference>;
  /** Return the status of the build that the notebook at a path ran on. */
  notebookStatus(
    record: INotebookRecord,
    path: string
  ): Promise<INotebookStatus>;
  /** Build a notebook's lockfile again, as the server still has it. */
  rebuildNotebook(record: INotebookRecord, path: string): Promise<IBuildDetail>;
  /** Return the build that new notebooks of a folder start on. */
  folder(path: string): Promise<IFolderDefault>;
}
