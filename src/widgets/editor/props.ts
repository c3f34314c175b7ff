/** The props of every component of the editing page. */

import type { IEditorFactoryService } from '@jupyterlab/codeeditor';
import type { CommandRegistry } from '@lumino/commands';
import type { EditorModel } from '../../model';
import type { ISpecificationContent } from '../../specification';

/** The model to show and change, JupyterLab's editors, and the commands. */
export interface IEditorProps {
  readonly model: EditorModel;
  readonly editors: IEditorFactoryService;
  readonly commands: CommandRegistry;
}

/** The props of every part of the form. */
export interface IFormProps extends IEditorProps {
  readonly content: ISpecificationContent;
}
