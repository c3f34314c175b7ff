/** The plugin that gives other extensions the model. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { CondaStoreModel } from '../model';
import { ICondaStoreModel } from '../tokens';
import { ICore } from './core';

export const modelPlugin: JupyterFrontEndPlugin<ICondaStoreModel> = {
  id: 'conda-store-labext:model',
  description: 'Gives other extensions the environments of conda-store.',
  autoStart: true,
  provides: ICondaStoreModel,
  requires: [ICore],
  activate: (app: JupyterFrontEnd, core: ICore): ICondaStoreModel =>
    new CondaStoreModel(core.model)
};
