export { CondaStorePanel } from './panel';
export { stateLabel } from './labels';
