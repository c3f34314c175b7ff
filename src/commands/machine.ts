/** The commands of environments that are on this machine. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, InputDialog, Notification } from '@jupyterlab/apputils';
import { showDialog } from '@jupyterlab/apputils';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IProvidedEnvironment } from '../api/providers';
import { attempt } from '../api/request';
import { condaStoreIcon } from '../icons';
import type { ProvidersModel } from '../model/machine';
import { CommandIDs } from '../tokens';
import { Dialogs, textNode } from './dialogs';
import type { Opener } from './opener';

/** What these commands work with. */
export interface IMachineCommandsOptions {
  app: JupyterFrontEnd;
  model: ProvidersModel;
  opener: Opener;
  trans: TranslationBundle;
  fileBrowsers: IFileBrowserFactory | null;
}

/** The provider that makes virtual environments. */
const MACHINE = 'machine';

/** The files from which an environment is made, by their names. */
const FILES =
  /^(.*requirements.*\.(txt|in)|pyproject\.toml|pylock\.toml|uv\.lock)$/i;

const KEY_ARGS = {
  type: 'object',
  properties: {
    provider: { type: 'string', description: 'Who lists the environment.' },
    key: { type: 'string', description: 'Which of its environments.' }
  }
};

const PATH_ARGS = {
  type: 'object',
  properties: {
    path: {
      type: 'string',
      description:
        'The folder, or the file in it; what is selected if there is none.'
    }
  }
};

/** Add them. */
export function addMachineCommands(options: IMachineCommandsOptions): void {
  const { app, model, opener, trans, fileBrowsers } = options;
  const dialogs = new Dialogs(trans);
  const { commands, serviceManager } = app;

  const act = (
    title: (environment: IProvidedEnvironment) => string,
    what: (environment: IProvidedEnvironment) => Promise<void>
  ) => ({
    describedBy: { args: KEY_ARGS },
    execute: async (args: ReadonlyPartialJSONObject) => {
      const { provider, key } = args;
      const environment = model.find(String(provider), String(key));
      if (environment) {
        await attempt(dialogs.inDialog(title(environment)), () =>
          what(environment)
        );
      }
    }
  });

  const launch = async (environment: IProvidedEnvironment) => {
    const [kernel] = environment.kernels.length
      ? environment.kernels
      : await model.register(environment);
    await serviceManager.kernelspecs.refreshSpecs();
    await opener.openNotebook(kernel);
  };

  commands.addCommand(CommandIDs.launchMachine, {
    label: trans.__('New Notebook'),
    ...act(
      ({ display_name }) => trans.__('%1 was not launched', display_name),
      launch
    )
  });

  commands.addCommand(CommandIDs.registerMachine, {
    label: trans.__('Register Kernel…'),
    ...act(
      ({ display_name }) => trans.__('%1 was not registered', display_name),
      async environment => {
        const { display_name, kernels } = environment;
        const { button, value } = await InputDialog.getText({
          title: trans.__('Name of the kernel'),
          label: trans.__('Every Jupyter program lists it by this name.'),
          text: kernels[0]?.display_name ?? display_name,
          okLabel: trans.__('Register')
        });
        if (button.accept && value?.trim()) {
          await model.register(environment, value.trim());
          await serviceManager.kernelspecs.refreshSpecs();
        }
      }
    )
  });

  commands.addCommand(CommandIDs.addKernelMachine, {
    label: trans.__('Add ipykernel'),
    ...act(
      ({ display_name }) => trans.__('%1 was not changed', display_name),
      environment => model.add(environment, ['ipykernel'])
    )
  });

  commands.addCommand(CommandIDs.removeMachine, {
    label: trans.__('Remove Environment…'),
    ...act(
      ({ display_name }) => trans.__('%1 was not removed', display_name),
      async environment => {
        const { display_name, prefix } = environment;
        const { button } = await showDialog({
          title: trans.__('Remove %1?', display_name),
          body: textNode(
            trans.__(
              'This deletes %1 with everything that is installed in it, and its kernels. Your notebooks and files stay.',
              prefix ?? display_name
            )
          ),
          buttons: [
            Dialog.cancelButton({ label: trans.__('Cancel') }),
            Dialog.warnButton({ label: trans.__('Remove') })
          ],
          defaultButton: 0
        });
        if (button.accept) {
          await model.remove(environment);
          await serviceManager.kernelspecs.refreshSpecs();
        }
      }
    )
  });

  /** The folder and the file that are meant; null for what none is made from. */
  const chosen = (
    args: ReadonlyPartialJSONObject
  ): { folder: string; file?: string } | null => {
    if (typeof args.path === 'string') {
      return placeOf(args.path) ?? { folder: args.path };
    }
    if (!args.isContextMenu) {
      return { folder: model.folder };
    }
    const browser = fileBrowsers?.tracker.currentWidget;
    const [item] = browser ? [...browser.selectedItems()] : [];
    const path = item && serviceManager.contents.localPath(item.path);
    if (!path) {
      return null;
    }
    return (
      placeOf(path) ?? (item.type === 'directory' ? { folder: path } : null)
    );
  };

  commands.addCommand(CommandIDs.createVenv, {
    label: args =>
      chosen(args)?.file
        ? trans.__('Create Environment from This File')
        : trans.__('Create Environment Here'),
    caption: trans.__(
      'Make a virtual environment (.venv) with ipykernel, and with what the file asks for'
    ),
    icon: args => (args.isPalette ? undefined : condaStoreIcon),
    describedBy: { args: PATH_ARGS },
    isVisible: args => chosen(args) !== null,
    execute: async args => {
      const wanted = chosen(args);
      if (wanted) {
        await attempt(
          dialogs.inDialog(trans.__('No environment was made')),
          () => model.create(MACHINE, wanted)
        );
      }
    }
  });

  model.jobEnded.connect((_, { environment, error }) => {
    if (environment) {
      const { display_name, provider, key } = environment;
      Notification.success(trans.__('%1 is ready.', display_name), {
        autoClose: false,
        actions: [
          {
            label: trans.__('New Notebook'),
            callback: () =>
              void commands.execute(CommandIDs.launchMachine, { provider, key })
          }
        ]
      });
    } else if (error) {
      Notification.error(error.message, { autoClose: false });
    }
  });
}

/** The folder and the file of a path; null for a file from which none is made. */
function placeOf(path: string): { folder: string; file: string } | null {
  const at = path.lastIndexOf('/');
  return FILES.test(path.slice(at + 1))
    ? { folder: path.slice(0, Math.max(at, 0)), file: path }
    : null;
}
