/** What every component of the editing page is given. */

import type { IEditorFactoryService } from '@jupyterlab/codeeditor';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { EditorModel } from '../../model';
import type { ISpecificationContent } from '../../specification';

/** The model to show and change, JupyterLab's editors, the commands and the words. */
export interface IEditorProps {
  readonly model: EditorModel;
  readonly editors: IEditorFactoryService;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/** What every part of the form is given. */
export interface IFormProps extends IEditorProps {
  readonly content: ISpecificationContent;
}
