export { MachinePage } from './page';
export { MachineSection } from './section';
