/** The command behind an environment's tile in the launcher. */

import { condaStoreIcon } from '../icons';
import { CommandIDs } from '../tokens';
import type { ICommandsOptions } from './options';
import { BUILD_ARGS, targetOf } from './target';

/** Add it. */
export function addTileCommand(
  options: Pick<ICommandsOptions, 'app' | 'model' | 'trans'>
): void {
  const { app, model, trans } = options;
  const { commands } = app;
  commands.addCommand(CommandIDs.launchTile, {
    label: args => String(args.label ?? trans.__('Launch')),
    caption: args => String(args.caption ?? ''),
    icon: condaStoreIcon,
    describedBy: {
      args: {
        ...BUILD_ARGS,
        properties: {
          ...BUILD_ARGS.properties,
          label: { type: 'string', description: 'What the tile says.' },
          caption: { type: 'string', description: 'What it does.' },
          cwd: {
            type: 'string',
            description: 'The folder in which the notebook goes.'
          }
        }
      }
    },
    execute: args => {
      const build = targetOf(app, args);
      if (!build) {
        return;
      }
      const launched = commands.execute(CommandIDs.launch, {
        ...build,
        cwd: typeof args.cwd === 'string' ? args.cwd : ''
      });
      // The launcher takes no other click while it waits, and a download may take long.
      return model.copies.find(build)?.state === 'ready' ? launched : undefined;
    }
  });
}
