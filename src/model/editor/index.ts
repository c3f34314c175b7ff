export type { IDraft } from './draft';
export { draft, readDraft, writeDraft } from './draft';
export { EditorModel } from './editor';
export type { EditorApi } from './routes';
