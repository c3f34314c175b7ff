/** The command that makes an environment of this machine one of conda-store's. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { IProvidedEnvironment, IProvidersApi } from '../api/providers';
import { condaStoreIcon } from '../icons';
import type { IDraft } from '../model';
import { CommandIDs } from '../tokens';
import type { MachineTargets } from './machinetarget';

/** The options of the command. */
export interface IShareCommandOptions {
  commands: CommandRegistry;
  targets: MachineTargets;
  api: Pick<IProvidersApi, 'specification'>;
  trans: TranslationBundle;
  /** The folder for which an environment was listed. */
  folderOf(environment: IProvidedEnvironment): string;
}

/** Add it; it opens the page on which the specification is looked at, changed and built. */
export function addShareCommand(options: IShareCommandOptions): void {
  const { commands, targets, api, trans } = options;
  commands.addCommand(CommandIDs.shareMachine, {
    label: trans.__('Share through conda-store…'),
    caption: trans.__(
      'Have conda-store build what was asked for in this environment, for everybody'
    ),
    icon: condaStoreIcon,
    isVisible: args =>
      commands.hasCommand(CommandIDs.newEnvironment) &&
      targets.find(args)?.provider === 'machine',
    ...targets.act(
      ({ display_name }) => trans.__('%1 was not shared', display_name),
      async environment => {
        const { provider, key, project } = environment;
        const { specification, left_out } =
          await api.specification(environment);
        const notes = left_out.length
          ? [
              trans.__(
                'Installed from files of this machine, and left out: %1.',
                left_out.join(', ')
              )
            ]
          : [];
        const draft: Partial<IDraft> = {
          text: specification,
          saved: specification,
          notes,
          shared:
            project === null
              ? null
              : { provider, key, folder: options.folderOf(environment) }
        };
        await commands.execute(CommandIDs.newEnvironment, {
          draft: { ...draft }
        });
      }
    )
  });
}
