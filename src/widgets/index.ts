export { EditorWidget } from './editor';
export { CondaStorePanel } from './panel';
export { stateLabel } from './labels';
export { EnvironmentPage, pageId } from './page';
export { KernelItem } from './kernelitem';
export { StatusItem } from './statusitem';
