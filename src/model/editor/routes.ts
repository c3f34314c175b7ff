/** The requests of editing to the server extension. */

import type { IApi } from '../../api';

/** The routes that editing needs. */
export type EditorApi = Pick<
  IApi,
  | 'build'
  | 'builds'
  | 'buildSpecification'
  | 'createBuild'
  | 'createNamespace'
  | 'environment'
  | 'namespaces'
  | 'packageNames'
  | 'packageVersions'
  | 'permissions'
  | 'preview'
>;
