/** The commands that act on a build. */

import {
  consoleIcon,
  deleteIcon,
  kernelIcon,
  runIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { fullName } from '../api/names';
import { starFilledIcon, starIcon } from '../icons';
import { isActive } from '../model';
import { toErrorInfo } from '../api/request';
import type { IBuildReference, IKernel } from '../tokens';
import { CommandIDs } from '../tokens';
import { Dialogs } from './dialogs';
import type { ICommandsOptions } from './options';
import { NO_ARGS } from './options';
import { BUILD_ARGS, targetOf } from './target';

/** Add them; the build is that of the arguments, or of the row under the context menu. */
export function addBuildCommands(options: ICommandsOptions): void {
  const { app, model, opener, trans } = options;
  const dialogs = new Dialogs(trans);
  const { commands } = app;
  const target = (args: ReadonlyPartialJSONObject) => targetOf(app, args);
  const copyOf = (args: ReadonlyPartialJSONObject) => {
    const build = target(args);
    return build && model.copies.find(build);
  };

  /** Run `act` on a kernel of the build, and say so if it cannot be done. */
  const withKernel = async <T>(
    build: IBuildReference | null,
    act: (kernel: IKernel) => Promise<T>
  ): Promise<T | undefined> => {
    if (!build) {
      return undefined;
    }
    try {
      const kernel = await opener.kernel(build);
      return kernel ? await act(kernel) : undefined;
    } catch (reason) {
      const error = toErrorInfo(reason);
      if (error.code !== 'cancelled') {
        dialogs.notifyFailure(build, error, model.server.url);
      }
      return undefined;
    }
  };

  /** Launch a build; from a tile, in the folder of the launcher. */
  const launch = (build: IBuildReference | null, folder?: string) => {
    const copy = build && model.copies.find(build);
    const wasReady = copy?.state === 'ready';
    return withKernel(build, async kernel => {
      if (build) {
        model.pins.launched({
          namespace: build.namespace,
          name: build.environment
        });
      }
      const notebookOnLaunch =
        folder !== undefined || options.settings().notebookOnLaunch;
      if (
        build &&
        (!notebookOnLaunch || (!wasReady && !options.panelVisible()))
      ) {
        dialogs.notifyReady(build);
      }
      return notebookOnLaunch ? opener.openNotebook(kernel, folder) : undefined;
    });
  };

  commands.addCommand(CommandIDs.launch, {
    label: trans.__('Launch'),
    caption: trans.__('Open a new notebook on this environment'),
    icon: runIcon,
    describedBy: { args: BUILD_ARGS },
    execute: args =>
      launch(target(args), typeof args.cwd === 'string' ? args.cwd : undefined)
  });
  commands.addCommand(CommandIDs.choose, {
    label: trans.__('Launch Environment…'),
    caption: trans.__('Choose an environment and open a new notebook on it'),
    icon: runIcon,
    describedBy: { args: NO_ARGS },
    execute: async () => {
      if (model.connection !== 'connected') {
        await model.refresh();
      }
      await launch(await dialogs.chooseEnvironment(model));
    }
  });
  commands.addCommand(CommandIDs.openConsole, {
    label: trans.__('Open a Console'),
    caption: trans.__('Open a console on this environment'),
    icon: consoleIcon,
    describedBy: { args: BUILD_ARGS },
    isVisible: () => opener.hasConsoles,
    execute: args =>
      withKernel(target(args), kernel => opener.openConsole(kernel))
  });
  commands.addCommand(CommandIDs.useKernel, {
    label: trans.__('Use in the Current Notebook'),
    caption: trans.__(
      'Make this environment the kernel of the current notebook'
    ),
    icon: kernelIcon,
    describedBy: { args: BUILD_ARGS },
    isEnabled: () => opener.hasNotebook,
    execute: args =>
      withKernel(target(args), kernel => opener.useInNotebook(kernel))
  });
  const isFavourite = (args: ReadonlyPartialJSONObject) => {
    const build = target(args);
    return (
      !!build &&
      model.pins.isFavourite({
        namespace: build.namespace,
        name: build.environment
      })
    );
  };
  commands.addCommand(CommandIDs.toggleFavourite, {
    label: args =>
      isFavourite(args)
        ? trans.__('Remove from the Favourites')
        : trans.__('Add to the Favourites'),
    caption: trans.__('Keep this environment on top of the list'),
    icon: args => (isFavourite(args) ? starFilledIcon : starIcon),
    describedBy: { args: BUILD_ARGS },
    isToggleable: true,
    isToggled: isFavourite,
    execute: async args => {
      const build = target(args);
      if (build) {
        const name = fullName(build);
        const others = model.pins.favouriteNames.filter(
          other => other !== name
        );
        const names = isFavourite(args) ? others : [...others, name];
        model.pins.favouriteNames = names;
        await options.saveFavourites(names);
      }
    }
  });
  commands.addCommand(CommandIDs.cancel, {
    label: trans.__('Cancel'),
    caption: trans.__('Stop downloading this environment'),
    icon: stopIcon,
    describedBy: { args: BUILD_ARGS },
    execute: async args => {
      const copy = copyOf(args);
      if (copy && isActive(copy)) {
        await model.copies
          .cancel(copy.key)
          .catch(reason =>
            dialogs.notifyFailure(copy, toErrorInfo(reason), copy.server)
          );
      }
    }
  });
  commands.addCommand(CommandIDs.remove, {
    label: trans.__('Remove the Local Copy…'),
    caption: trans.__('Delete this environment from this machine'),
    icon: deleteIcon,
    describedBy: { args: BUILD_ARGS },
    execute: async args => {
      const copy = copyOf(args);
      if (!copy || !(await dialogs.confirmRemoval(copy))) {
        return;
      }
      try {
        await model.copies.remove(copy.key);
        await app.serviceManager.kernelspecs.refreshSpecs();
      } catch (reason) {
        const title = trans.__('%1 was not removed', fullName(copy));
        await dialogs.show(title, toErrorInfo(reason).message);
      }
    }
  });
}
