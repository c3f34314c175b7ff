export { Jobs, JOB_EVENT } from './jobs';
export { MachinePageModel } from './page';
export { Projects } from './projects';
export type { IShared } from './projects';
export type { IProviderSection } from './providers';
export { ProvidersModel } from './providers';
