export { EnvironmentPage, pageId } from './page';
