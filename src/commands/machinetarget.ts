/** The environment of this machine that a command is to act on, and the question before a stranger's runs. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IProvidedEnvironment } from '../api/providers';
import { attempt, toErrorInfo } from '../api/request';
import type { ProvidersModel } from '../model/machine';
import { Dialogs, textNode } from './dialogs';

const KEY_ARGS = {
  type: 'object',
  properties: {
    provider: { type: 'string', description: 'Who lists the environment.' },
    key: { type: 'string', description: 'Which of its environments.' }
  }
};

/** The options of the commands' targets. */
export interface ITargetOptions {
  app: JupyterFrontEnd;
  model: ProvidersModel;
  trans: TranslationBundle;
  /** Remember that what is in an environment may run. */
  trust: (environment: IProvidedEnvironment) => Promise<void>;
}

/** Finds the environments, and does what the commands do with them. */
export class MachineTargets {
  constructor(private readonly _options: ITargetOptions) {
    this._dialogs = new Dialogs(_options.trans);
  }

  /** The environment of the arguments, or of the row under the context menu. */
  find(args: ReadonlyPartialJSONObject): IProvidedEnvironment | null {
    const { app, model } = this._options;
    const row =
      'key' in args
        ? null
        : app.contextMenuHitTest(node => 'provider' in node.dataset);
    const { provider, key } = row ? row.dataset : args;
    return model.find(String(provider), String(key));
  }

  /**
   * The part of a command that does something with an environment.
   *
   * @param title - What did not happen, where it cannot be done.
   */
  act(
    title: (environment: IProvidedEnvironment) => string,
    what: (environment: IProvidedEnvironment) => Promise<void>
  ): Pick<CommandRegistry.ICommandOptions, 'describedBy' | 'execute'> {
    return {
      describedBy: { args: KEY_ARGS },
      execute: async (args: ReadonlyPartialJSONObject) => {
        const environment = this.find(args);
        if (environment) {
          await attempt(this._dialogs.inDialog(title(environment)), () =>
            this._trusting(environment, () => what(environment))
          );
        }
      }
    };
  }

  /** Do something; where that would run what somebody else made, ask for trust first. */
  private async _trusting(
    environment: IProvidedEnvironment,
    what: () => Promise<void>
  ): Promise<void> {
    try {
      await what();
    } catch (reason) {
      const { code, message } = toErrorInfo(reason);
      if (code !== 'not_trusted') {
        throw reason;
      }
      if (await this._confirm(environment, message)) {
        await this._options.trust(environment);
        await what();
      }
    }
  }

  private async _confirm(
    { display_name }: IProvidedEnvironment,
    message: string
  ): Promise<boolean> {
    const { trans } = this._options;
    const { button } = await showDialog({
      title: trans.__('Do you trust whoever made %1?', display_name),
      body: textNode(message),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.warnButton({ label: trans.__('Trust and Run') })
      ],
      defaultButton: 0
    });
    return button.accept;
  }

  private readonly _dialogs: Dialogs;
}
