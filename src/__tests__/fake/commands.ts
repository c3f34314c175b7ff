/** The extension's commands, none of which does anything. */

import { CommandRegistry } from '@lumino/commands';
import { CommandIDs } from '../../tokens';

/** A registry that has them all, and keeps the id and arguments of each that is executed. */
export class FakeCommands extends CommandRegistry {
  constructor() {
    super();
    for (const id of Object.values(CommandIDs)) {
      this.addCommand(id, {
        describedBy: { args: {} },
        execute: args => {
          this.executed.push([id, args]);
        }
      });
    }
  }

  readonly executed: unknown[] = [];
}
