/** The props of the parts of the page. */

import type { CommandRegistry } from '@lumino/commands';
import type { RepositoryModel } from '../../model/repositories';

export interface IRepositoryProps {
  readonly model: RepositoryModel;
  readonly commands: CommandRegistry;
  /** Open what was seen. */
  readonly onOpen: () => void;
}
