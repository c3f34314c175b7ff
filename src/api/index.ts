export { Api } from './api';
export type { IApi, INotebookApi } from './routes';
