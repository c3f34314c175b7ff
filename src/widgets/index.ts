export { EditorWidget } from './editor';
export { MachinePage, MachineSection } from './machine';
export { CondaStorePanel } from './panel/panel';
export { EnvironmentPage, pageId } from './page';
export { RepositoryPage } from './repositories';
export { StatusItem } from './statusitem';
