export { EditorWidget } from './editor';
export { MachineSection } from './machine';
export { CondaStorePanel } from './panel/panel';
export { stateLabel } from './labels';
export { EnvironmentPage, pageId } from './page';
export { StatusItem } from './statusitem';
