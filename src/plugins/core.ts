/** The core that the extension's own plugins share. Others have `ICondaStoreModel`. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { Token } from '@lumino/coreutils';
import type { Api } from '../api';
import type { ProvidersApi } from '../api/providers';
import type { Opener } from '../commands';
import type { EnvironmentsModel } from '../model';
import type { ProvidersModel } from '../model/machine';
import type { Settings } from '../model/settings';
import type { CondaStorePanel } from '../widgets';

/** The parts that the main plugin makes. */
export interface ICore {
  readonly api: Api;
  readonly model: EnvironmentsModel;
  readonly opener: Opener;
  readonly panel: CondaStorePanel;
  readonly providers: ProvidersModel;
  readonly providersApi: ProvidersApi;
  readonly settings: Settings;
  readonly trans: TranslationBundle;
}

/** The token of the main plugin. */
export const ICore = new Token<ICore>(
  'conda-store-labext:ICore',
  'What the plugins of conda-store-labext share; it may change at any time.'
);
