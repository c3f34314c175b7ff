/**
 * The nouns that come from the server extension, by the names that they have here; `schema.ts` says what each holds.
 *
 * Times are ISO 8601 strings in UTC without a zone, sizes are bytes.
 */

import type { components } from './schema';

type Schemas = components['schemas'];

export type BuildStatus = Schemas['BuildStatus'];
export type CopyState = Schemas['CopyState'];
export type Step = Schemas['Step'];
export type LocalStoreState = Schemas['LocalStoreState'];
export type Action = Schemas['Action'];
export type NamespaceAction = Schemas['NamespaceAction'];
export type NotebookState = Schemas['NotebookState'];

export type IEnvironment = Schemas['Environment'];
export type IEnvironmentPage = Schemas['EnvironmentPage'];
export type IEnvironmentChange = Schemas['EnvironmentChange'];
export type INamespace = Schemas['Namespace'];
export type IPermissions = Schemas['Permissions'];

export type IBuild = Schemas['Build'];
export type IBuildDetail = Schemas['BuildDetail'];
export type IBuildPage = Schemas['BuildPage'];
export type IBuildRequest = Schemas['BuildRequest'];
export type IBuildLog = Schemas['BuildLog'];
export type IPackage = Schemas['Package'];
export type IPackagePage = Schemas['PackagePage'];
export type IChanges = Schemas['Changes'];
export type IVersionChange = Schemas['VersionChange'];

export type ISpecification = Schemas['Specification'];
export type IPreviewRequest = Schemas['PreviewRequest'];
export type IPreview = Schemas['Preview'];
export type IConversion = Schemas['Conversion'];

export type IKernel = Schemas['Kernel'];
export type ILocalCopy = Schemas['LocalCopy'];
export type ILocalStoreStatus = Schemas['LocalStoreStatus'];
export type IStatus = Schemas['Status'];
export type IFinding = Schemas['Finding'];
export type IFindings = Schemas['Findings'];
export type IErrorInfo = Schemas['ErrorInfo'];

export type INotebookRecord = Schemas['NotebookRecord'];
export type INotebookStatus = Schemas['NotebookStatus'];
export type IFolderDefault = Schemas['FolderDefault'];

/** The artifacts of a build that can be saved as a file. */
export type ArtifactKind = 'archive' | 'lockfile' | 'yaml' | 'log';

/** A build to run: `build_id` null means the environment's active build. */
export interface IBuildReference {
  namespace: string;
  environment: string;
  build_id: number | null;
}
