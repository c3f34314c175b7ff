/** The plugin of the command that checks the connection. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import { CommandIDs } from '../tokens';
import { CheckBody } from '../widgets/check';
import { ICore } from './core';

export const checkPlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:check',
  description: 'Checks server, sign-in, archives, folders and kernels.',
  autoStart: true,
  requires: [ICore],
  activate: (app: JupyterFrontEnd, core: ICore): void => {
    const { api, trans } = core;
    app.commands.addCommand(CommandIDs.check, {
      label: trans.__('Check the Connection'),
      caption: trans.__(
        'Check server, sign-in, archives, folders and kernels, and say what to do'
      ),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: async () => {
        await showDialog({
          title: trans.__('Check of the connection'),
          body: new CheckBody(() => api.check(), trans),
          buttons: [Dialog.okButton({ label: trans.__('Close') })]
        });
      }
    });
  }
};
