/** What every component of the panel is given. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { EnvironmentsModel } from '../../model';

/** The model to show, the commands that act, and the words. */
export interface IPanelProps {
  readonly model: EnvironmentsModel;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}
