export { Api } from './http';
export type { IApi, INotebookApi } from './types';
