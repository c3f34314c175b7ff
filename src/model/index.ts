export type { IBuildList } from './builds';
export { isInProgress } from './builds';
export { isActive } from './copies';
export type { Connection } from './connection';
export type { EditorApi, IDraft } from './editor';
export { draft, EditorModel, readDraft, writeDraft } from './editor';
export {
  EnvironmentsModel,
  LOCAL_STORE_EVENT,
  MATERIALISATION_EVENT
} from './environments';
export { Refresher } from './refresher';
export type { IRowState, StateKind } from './state';
export { dateOf } from './times';
export type { IPair, Section } from './page';
export { EnvironmentPageModel, PageRefresher, SECTIONS } from './page';
