/** The plugin that notifies when a build has ended. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Dialogs } from '../commands';
import { ICore } from './core';

export const notificationsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:notifications',
  description: 'Tells when a build has ended, and offers to launch it.',
  autoStart: true,
  requires: [ICore],
  activate: (app: JupyterFrontEnd, core: ICore): void => {
    const { api, model, settings, trans } = core;
    const dialogs = new Dialogs(trans);
    api.buildStarted.connect((_, build) => model.running.follow(build));
    model.running.ended.connect((_, build) => {
      const claimed = model.running.isClaimed(build.id);
      if (settings.current.notifyOfBuilds && !claimed) {
        dialogs.notifyOfBuild(build, app.commands);
      }
    });
  }
};
