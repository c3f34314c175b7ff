export type { IBuildList } from './builds';
export { isInProgress } from './builds';
export { isActive } from './copies';
export type { Connection } from './connection';
export type { EditorApi, IDraft } from './editor';
export { draft, EditorModel, readDraft, writeDraft } from './editor';
export type { IFilter } from './environments';
export {
  EnvironmentsModel,
  LOCAL_STORE_EVENT,
  MATERIALISATION_EVENT
} from './environments';
export type { ISight } from './listing';
export type { NamespaceRows } from './namespaces';
export type { IEnvironmentName, IPin } from './pins';
export { Refresher } from './refresher';
export type { IFollowed } from './running';
export type { IRowState, StateKind } from './state';
export { dateOf } from './times';
export type { IPair, Section } from './page';
export { EnvironmentPageModel, PageRefresher, SECTIONS } from './page';
