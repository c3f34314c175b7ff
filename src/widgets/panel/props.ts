/** The props of every component of the panel. */

import type { CommandRegistry } from '@lumino/commands';
import type { EnvironmentsModel } from '../../model';

/** The model to show, and the commands that act. */
export interface IPanelProps {
  readonly model: EnvironmentsModel;
  readonly commands: CommandRegistry;
}
