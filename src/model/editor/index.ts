export type { IDraft } from './draft';
export { draft, readDraft, writeDraft } from './draft';
export type { EditorApi } from './editor';
export { EditorModel } from './editor';
