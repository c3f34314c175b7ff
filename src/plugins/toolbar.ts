/** The plugin of the notebook toolbar's item. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { KernelItem } from '../widgets';
import { ICore } from './core';

/** Its place is in `schema/plugin.json`. */
const ITEM = 'conda-store-environment';

export const toolbarPlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:toolbar',
  description: 'Shows in a notebook the environment that its kernel runs in.',
  autoStart: true,
  requires: [ICore],
  optional: [IToolbarWidgetRegistry],
  activate: (
    app: JupyterFrontEnd,
    core: ICore,
    toolbar: IToolbarWidgetRegistry | null
  ): void => {
    toolbar?.addFactory<NotebookPanel>(
      'Notebook',
      ITEM,
      panel => new KernelItem(panel.sessionContext, app.commands, core.trans)
    );
  }
};
