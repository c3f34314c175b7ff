export type { IBuildList } from './builds';
export { isInProgress } from './builds';
export { isActive } from './copies';
export type { Connection } from './connection';
export {
  EnvironmentsModel,
  LOCAL_STORE_EVENT,
  MATERIALISATION_EVENT
} from './environments';
export { Refresher } from './refresher';
export type { IRowState, StateKind } from './state';
