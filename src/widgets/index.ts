export { EditorWidget } from './editor';
export { MachineSection } from './machine';
export { CondaStorePanel } from './panel/panel';
export { EnvironmentPage, pageId } from './page';
export { RepositoryPage } from './repositories';
export { StatusItem } from './statusitem';
