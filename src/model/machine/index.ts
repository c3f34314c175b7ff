export { Jobs, JOB_EVENT } from './jobs';
export { MachinePageModel } from './page';
export type { IProviderSection } from './providers';
export { ProvidersModel } from './providers';
