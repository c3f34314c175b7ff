export { EditorWidget } from './widget';
