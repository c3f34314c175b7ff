export type { RepositoryApi } from './repository';
export { RepositoryModel } from './repository';
export { readQuery } from './request';
