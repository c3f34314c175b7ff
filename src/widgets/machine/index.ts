export { MachineSection } from './section';
