/** What the commands are made with. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { EnvironmentsModel } from '../model';
import type { ISettings } from '../settings';
import type { Opener } from './opener';

/** The folder in which new notebooks go, and the setting of what they start on. */
export interface IFolderSetting {
  /** The file browser's folder; null where there is no file browser. */
  current(): string | null;
  /** The file that goes before the setting in that folder; null for none. */
  file(folder: string): Promise<string | null>;
  /** Keep the setting. */
  save(folders: Record<string, string>): Promise<void>;
}

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
  /** Where new notebooks go, and what they start on there. */
  folder: IFolderSetting;
  /** Whether the panel is in sight. */
  panelVisible: () => boolean;
}

/** The arguments of the commands that take none. */
export const NO_ARGS = { type: 'object', properties: {} };
