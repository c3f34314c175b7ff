export type { IBuildList } from './builds';
export { isInProgress } from './builds';
export { isActive } from './copies';
export type { Connection } from './panel/connection';
export type { EditorApi, IDraft } from './editor';
export { draft, EditorModel, readDraft, writeDraft } from './editor';
export type { IFilter } from './panel/environments';
export {
  EnvironmentsModel,
  LOCAL_STORE_EVENT,
  COPY_EVENT
} from './panel/environments';
export type { ISight } from './panel/listing';
export type { NamespaceRows } from './panel/namespacerows';
export type { IEnvironmentName, IPin } from './panel/pins';
export { Refresher } from './panel/refresher';
export type { IFollowed } from './running';
export type { IRowState, StateKind } from './state';
export type { IEnvironmentTile } from './tiles';
export { EnvironmentTiles } from './tiles';
export { dateOf } from './times';
export type { IPair, Section } from './page';
export { EnvironmentPageModel, PageRefresher, SECTIONS } from './page';
