/** The command that says what new notebooks of a folder start on. */

import { Notification } from '@jupyterlab/apputils';
import { folderIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { fullName } from '../api/names';
import { toErrorInfo } from '../api/request';
import type { IBuildReference } from '../tokens';
import { CommandIDs } from '../tokens';
import type { ICommandsOptions } from './options';
import { BUILD_ARGS, targetOf } from './target';

/** Milliseconds for which a notification of what was set is shown. */
const SHOWN = 10000;

/** Add it; it sets the setting of the file browser's folder, and takes that away again. */
export function addFolderCommand(
  options: Pick<ICommandsOptions, 'app' | 'folder' | 'settings' | 'trans'>
): void {
  const { app, folder, settings, trans } = options;

  /** The build of the arguments or of the row; an environment's row stands for the active one, whichever that is. */
  const target = (args: ReadonlyPartialJSONObject): IBuildReference | null => {
    const build = targetOf(app, args);
    const row = app.contextMenuHitTest(node => 'environment' in node.dataset);
    const active = !args.environment && row?.dataset.kind === 'environment';
    return build && active ? { ...build, build_id: null } : build;
  };

  const isUsed = (args: ReadonlyPartialJSONObject): boolean => {
    const build = target(args);
    const current = folder.current();
    return (
      !!build &&
      current !== null &&
      settings().folders[current] === textOf(build)
    );
  };

  app.commands.addCommand(CommandIDs.useInFolder, {
    label: trans.__('Use for New Notebooks in This Folder'),
    caption: trans.__(
      'Have new notebooks in the current folder, and below it, start on this environment'
    ),
    icon: folderIcon,
    describedBy: { args: BUILD_ARGS },
    isVisible: () => folder.current() !== null,
    isToggleable: true,
    isToggled: isUsed,
    execute: async args => {
      const build = target(args);
      const current = folder.current();
      if (!build || current === null) {
        return;
      }
      const where = current || trans.__('the top folder');
      const { [current]: before, ...others } = settings().folders;
      const text = textOf(build);
      try {
        if (before === text) {
          await folder.save(others);
          Notification.info(
            trans.__('New notebooks in %1 no longer start on %2.', where, text),
            { autoClose: SHOWN }
          );
          return;
        }
        await folder.save({ ...others, [current]: text });
        Notification.info(
          trans.__('New notebooks in %1 start on %2.', where, text),
          { autoClose: SHOWN }
        );
      } catch (reason) {
        Notification.error(toErrorInfo(reason).message, { autoClose: false });
        return;
      }
      const file = await folder.file(current).catch(() => null);
      if (file) {
        Notification.warning(
          trans.__('%1 says what they start on, and takes precedence.', file),
          { autoClose: false }
        );
      }
    }
  });
}

/** A build as the setting names it. */
function textOf(build: IBuildReference): string {
  const name = fullName(build);
  return build.build_id === null ? name : `${name}:${build.build_id}`;
}
