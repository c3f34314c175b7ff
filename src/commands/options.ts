/** What the commands are made with. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { EnvironmentsModel } from '../model';
import type { ISettings } from '../settings';
import type { Opener } from './opener';

/** What the commands work with. */
export interface ICommandsOptions {
  app: JupyterFrontEnd;
  model: EnvironmentsModel;
  opener: Opener;
  trans: TranslationBundle;
  /** The settings as they are when asked. */
  settings: () => ISettings;
  /** Keep the names of the favourites, as `namespace/name`. */
  saveFavourites: (names: string[]) => Promise<void>;
  /** Whether the panel is in sight. */
  panelVisible: () => boolean;
}

/** The arguments of the commands that take none. */
export const NO_ARGS = { type: 'object', properties: {} };
