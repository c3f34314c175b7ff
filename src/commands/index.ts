/** The extension's commands. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  consoleIcon,
  deleteIcon,
  kernelIcon,
  refreshIcon,
  runIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { condaStoreIcon } from '../icons';
import type { EnvironmentsModel } from '../model';
import { isActive } from '../model';
import { toErrorInfo } from '../request';
import type { ISettings } from '../settings';
import type { IBuildReference, IKernel } from '../tokens';
import { CommandIDs, PANEL_ID } from '../tokens';
import {
  chooseEnvironment,
  confirmRemoval,
  nameOf,
  notifyFailure,
  notifyReady,
  showMessage
} from './dialogs';
import type { Opener } from './opener';

export { Opener } from './opener';

/** What the commands work with. */
export interface ICommandsOptions {
  app: JupyterFrontEnd;
  model: EnvironmentsModel;
  opener: Opener;
  trans: TranslationBundle;
  /** The settings as they are when asked. */
  settings: () => ISettings;
  /** Whether the panel is in sight. */
  panelVisible: () => boolean;
}

/** The arguments of the commands that act on a build. */
const BUILD_ARGS = {
  type: 'object',
  required: ['namespace', 'environment'],
  properties: {
    namespace: {
      type: 'string',
      description: 'The namespace of the environment.'
    },
    environment: {
      type: 'string',
      description: 'The name of the environment.'
    },
    build_id: {
      type: ['integer', 'null'],
      description: 'The build to take; null for the active one.'
    }
  }
};

/** The arguments of the commands that take none. */
const NO_ARGS = { type: 'object', properties: {} };

/** Add the commands that the palette, the tile and the panel offer. */
export function addCommands(options: ICommandsOptions): void {
  addPanelCommands(options);
  addBuildCommands(options);
}

/** The commands that concern the panel and its server. */
function addPanelCommands(options: ICommandsOptions): void {
  const { app, model, trans } = options;
  const { commands, shell } = app;
  const localStore = () => model.status?.local_store.state;

  commands.addCommand(CommandIDs.open, {
    label: args =>
      args.isPalette ? trans.__('Show Environments') : trans.__('Conda-store'),
    caption: trans.__('Show the environments of conda-store'),
    icon: condaStoreIcon,
    describedBy: { args: NO_ARGS },
    execute: () => shell.activateById(PANEL_ID)
  });
  commands.addCommand(CommandIDs.refresh, {
    label: trans.__('Refresh Environments'),
    caption: trans.__('Ask conda-store for its environments again'),
    icon: refreshIcon,
    describedBy: { args: NO_ARGS },
    execute: () => model.refresh()
  });
  commands.addCommand(CommandIDs.startLocalStore, {
    label: trans.__('Start a Local Store'),
    caption: trans.__('Start a conda-store of your own on this machine'),
    describedBy: { args: NO_ARGS },
    isEnabled: () =>
      !['unavailable', 'starting', 'running'].includes(localStore() ?? ''),
    execute: async () => {
      if (!model.status) {
        await model.refresh();
      }
      await model.server.startLocalStore();
    }
  });
  commands.addCommand(CommandIDs.stopLocalStore, {
    label: trans.__('Stop the Local Store'),
    caption: trans.__('Stop the conda-store that runs on this machine'),
    describedBy: { args: NO_ARGS },
    isEnabled: () => ['starting', 'running'].includes(localStore() ?? ''),
    execute: () => model.server.stopLocalStore()
  });
  model.stateChanged.connect(() => {
    commands.notifyCommandChanged(CommandIDs.startLocalStore);
    commands.notifyCommandChanged(CommandIDs.stopLocalStore);
  });
}

/** The commands that act on a build: that of the arguments, or of the row under the context menu. */
function addBuildCommands(options: ICommandsOptions): void {
  const { app, model, opener, trans } = options;
  const { commands } = app;
  const target = (args: ReadonlyPartialJSONObject) =>
    fromArgs(args) ?? fromContextMenu(app);
  const copyOf = (args: ReadonlyPartialJSONObject) => {
    const build = target(args);
    return build && model.copies.find(build);
  };

  /** Run `act` on a kernel of the build, and say so if it cannot be done. */
  const withKernel = async (
    build: IBuildReference | null,
    act: (kernel: IKernel) => Promise<void>
  ) => {
    if (!build) {
      return;
    }
    try {
      const kernel = await opener.kernel(build);
      if (kernel) {
        await act(kernel);
      }
    } catch (reason) {
      const error = toErrorInfo(reason);
      if (error.code !== 'cancelled') {
        notifyFailure(build, error, model.server.url, trans);
      }
    }
  };

  const launch = (build: IBuildReference | null) => {
    const copy = build && model.copies.find(build);
    const wasReady = copy?.state === 'ready';
    return withKernel(build, async kernel => {
      const { notebookOnLaunch } = options.settings();
      if (
        build &&
        (!notebookOnLaunch || (!wasReady && !options.panelVisible()))
      ) {
        notifyReady(build, trans);
      }
      if (notebookOnLaunch) {
        await opener.openNotebook(kernel);
      }
    });
  };

  commands.addCommand(CommandIDs.launch, {
    label: trans.__('Launch'),
    caption: trans.__('Open a new notebook on this environment'),
    icon: runIcon,
    describedBy: { args: BUILD_ARGS },
    execute: args => launch(target(args))
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
      await launch(await chooseEnvironment(model, trans));
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
            notifyFailure(copy, toErrorInfo(reason), copy.server, trans)
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
      if (!copy || !(await confirmRemoval(copy, trans))) {
        return;
      }
      try {
        await model.copies.remove(copy.key);
        await app.serviceManager.kernelspecs.refreshSpecs();
      } catch (reason) {
        const title = trans.__('%1 was not removed', nameOf(copy));
        await showMessage(title, toErrorInfo(reason).message, trans);
      }
    }
  });
}

/** The build that the arguments name. */
function fromArgs(args: ReadonlyPartialJSONObject): IBuildReference | null {
  const { namespace, environment, build_id } = args;
  return typeof namespace === 'string' && typeof environment === 'string'
    ? {
        namespace,
        environment,
        build_id: typeof build_id === 'number' ? build_id : null
      }
    : null;
}

/** The build of the row on which the context menu was opened. */
function fromContextMenu(app: JupyterFrontEnd): IBuildReference | null {
  const row = app.contextMenuHitTest(node => 'environment' in node.dataset);
  const { namespace, environment, build } = row?.dataset ?? {};
  return namespace && environment
    ? { namespace, environment, build_id: build ? Number(build) : null }
    : null;
}
