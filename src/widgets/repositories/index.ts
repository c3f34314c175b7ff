export { RepositoryPage } from './widget';
