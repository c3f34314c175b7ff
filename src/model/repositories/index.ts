export type { RepositoryApi } from './repository';
export { readQuery, RepositoryModel } from './repository';
