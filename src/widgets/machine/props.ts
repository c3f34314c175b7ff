/** The props of every component of the section of this machine's environments. */

import type { CommandRegistry } from '@lumino/commands';
import type { ProvidersModel } from '../../model/machine';

/** The environments to show, and the commands that act. */
export interface IMachineProps {
  readonly model: ProvidersModel;
  readonly commands: CommandRegistry;
}
