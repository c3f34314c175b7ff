export type { IProviderSection } from './providers';
export { ProvidersModel } from './providers';
