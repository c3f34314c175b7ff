/** The extension's commands. */

import { addBuildCommands } from './build';
import { addFolderCommand } from './folder';
import type { ICommandsOptions } from './options';
import { addPanelCommands } from './panel';
import { addTileCommand } from './tiles';

export { addLifecycleCommands, type ILifecycleOptions } from './lifecycle';
export { addEditorCommands } from './editor';
export type { IEditorCommandsOptions } from './options';
export { Opener } from './opener';
export { Dialogs } from './dialogs';
export { addCreateCommand } from './createvenv';
export { addMachineCommands } from './machine';
export { MachineTargets } from './machinetarget';
export { addShareCommand } from './sharemachine';
export { addNamespaceCommand } from './namespace';
export { addPageCommand } from './page';
export { addLinkCommand } from './link';
export { addWriteBackCommand } from './writeback';
export { addRepositoryCommands } from './repository';
export { OpenedDocuments } from './documents';

/** Add the commands that the palette, the tile and the panel offer. */
export function addCommands(options: ICommandsOptions): void {
  addPanelCommands(options);
  addBuildCommands(options);
  addFolderCommand(options);
  addTileCommand(options);
}
