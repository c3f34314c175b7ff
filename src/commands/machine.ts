/** The commands of an environment that is on this machine. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  Dialog,
  InputDialog,
  type MainAreaWidget,
  showDialog
} from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Terminal } from '@jupyterlab/services';
import {
  addIcon,
  deleteIcon,
  editIcon,
  listIcon,
  refreshIcon,
  runIcon,
  terminalIcon,
  type LabIcon
} from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';
import type { IProvidedEnvironment } from '../api/providers';
import type { ProvidersModel } from '../model/machine';
import { CommandIDs } from '../tokens';
import { textNode } from './dialogs';
import type { MachineTargets } from './machinetarget';
import type { Opener } from './opener';

/** The options of these commands. */
export interface IMachineCommandsOptions {
  app: JupyterFrontEnd;
  model: ProvidersModel;
  opener: Opener;
  targets: MachineTargets;
  trans: TranslationBundle;
  /** The line that activates an environment in a terminal. */
  activation: (environment: IProvidedEnvironment) => Promise<string>;
  /** Show the page of an environment; null where pages have no place. */
  open: ((environment: IProvidedEnvironment) => void) | null;
}

/** Add them. */
export function addMachineCommands(options: IMachineCommandsOptions): void {
  const { app, model, opener, targets, trans } = options;
  const { commands, serviceManager } = app;
  const act = targets.act.bind(targets);
  // The page's toolbar has words alone.
  const inMenu = (icon: LabIcon) => (args: ReadonlyPartialJSONObject) =>
    'key' in args ? undefined : icon;

  const launch = async (environment: IProvidedEnvironment) => {
    const [kernel] = environment.kernels.length
      ? environment.kernels
      : await model.register(environment);
    await serviceManager.kernelspecs.refreshSpecs();
    await opener.openNotebook(kernel);
  };

  commands.addCommand(CommandIDs.launchMachine, {
    label: trans.__('New Notebook'),
    icon: inMenu(runIcon),
    isVisible: args => 'key' in args || targets.find(args)?.problem === null,
    ...act(
      ({ display_name }) => trans.__('%1 was not launched', display_name),
      launch
    )
  });

  commands.addCommand(CommandIDs.registerMachine, {
    label: trans.__('Register Kernel…'),
    icon: inMenu(editIcon),
    isVisible: args => 'key' in args || targets.find(args)?.problem === null,
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
    icon: inMenu(addIcon),
    isVisible: args => targets.find(args)?.problem?.code === 'no_kernel',
    ...act(
      ({ display_name }) => trans.__('%1 was not changed', display_name),
      environment => model.change(environment, { add: ['ipykernel'] })
    )
  });

  commands.addCommand(CommandIDs.removeMachine, {
    label: trans.__('Remove Environment…'),
    icon: inMenu(deleteIcon),
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

  commands.addCommand(CommandIDs.recreateMachine, {
    label: trans.__('Recreate'),
    icon: inMenu(refreshIcon),
    isVisible: args => targets.find(args)?.problem?.code === 'python_gone',
    ...act(
      ({ display_name }) => trans.__('%1 was not recreated', display_name),
      environment => model.recreate(environment)
    )
  });

  commands.addCommand(CommandIDs.terminalMachine, {
    label: trans.__('Open a Terminal'),
    caption: trans.__('Open a terminal in which this environment is activated'),
    icon: terminalIcon,
    isVisible: () => commands.hasCommand('terminal:create-new'),
    ...act(
      ({ display_name }) => trans.__('%1 has no terminal', display_name),
      async environment => {
        const line = await options.activation(environment);
        const { project, prefix } = environment;
        const terminal: MainAreaWidget<ITerminal> = await commands.execute(
          'terminal:create-new'
        );
        const folder = project ?? prefix;
        const lines = [folder ? `cd ${quoted(folder)}` : '', line];
        terminal.content.session.send({
          type: 'stdin',
          content: [`${lines.filter(part => part).join(' && ')}\r`]
        });
      }
    )
  });

  const { open } = options;
  if (open) {
    const opening = act(
      ({ display_name }) => trans.__('%1 was not opened', display_name),
      async environment => open(environment)
    );
    commands.addCommand(CommandIDs.openMachine, {
      label: trans.__('Open'),
      caption: trans.__('Show the packages of this environment'),
      icon: inMenu(listIcon),
      describedBy: opening.describedBy,
      execute: async args => {
        const { provider, key, folder } = args;
        if (typeof folder === 'string') {
          // Where it cannot be found again after a reload, there is no page.
          await model
            .look(String(provider), String(key), folder)
            .catch(() => null);
        }
        await opening.execute(args);
      }
    });
  }
}

/** The part of a terminal's widget that is used here. */
interface ITerminal extends Widget {
  readonly session: Terminal.ITerminalConnection;
}

/** A text as one word of a shell. */
function quoted(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}
