/** The options that the commands are made with. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { TranslationBundle } from '@jupyterlab/translation';
import { fullName } from '../api/names';
import type { Api } from '../api';
import { CondaStoreError } from '../api/request';
import type { EnvironmentsModel, IDraft } from '../model';
import type { ISettings } from '../model/settings';
import type { IBuildReference } from '../tokens';
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

/** The options of the commands. */
export interface ICommandsOptions {
  app: JupyterFrontEnd;
  model: EnvironmentsModel;
  opener: Opener;
  trans: TranslationBundle;
  /** The settings as they are when asked. */
  settings: () => ISettings;
  /** Keep the names of the favourites, as `namespace/name`. */
  saveFavourites: (names: string[]) => Promise<void>;
  /** The folder of new notebooks, and the environment that they start on there. */
  folder: IFolderSetting;
  /** Tell whether the panel is visible. */
  panelVisible: () => boolean;
}

/** The arguments that name a file. */
export const FILE_ARGS = {
  type: 'object',
  properties: {
    path: {
      type: 'string',
      description: 'The file; the selected one if there is none.'
    }
  }
};

/** The arguments of the commands that take none. */
export const NO_ARGS = { type: 'object', properties: {} };

/** The options of these commands. */
export interface IEditorCommandsOptions {
  app: JupyterFrontEnd;
  api: Api;
  model: EnvironmentsModel;
  opener: Opener;
  trans: TranslationBundle;
  /** Says which file is selected. */
  fileBrowsers: IFileBrowserFactory | null;
  /** Opens the page on which a specification is written. */
  open: (draft: Partial<IDraft>) => void;
  /** Opens the page with what was kept over a reload, if anything was. */
  reopen: (id: string) => Promise<void>;
}

/** Finds the build that a command is to act on. */
export class BuildFinder {
  constructor(
    private readonly _api: Pick<Api, 'environment'>,
    private readonly _trans: TranslationBundle
  ) {}

  /**
   * The build that is named, or the active one.
   *
   * @throws CondaStoreError
   */
  async find(build: IBuildReference): Promise<number> {
    if (build.build_id !== null) {
      return build.build_id;
    }
    const { namespace, environment } = build;
    const row = await this._api.environment(namespace, environment);
    if (row.current_build_id === null) {
      throw new CondaStoreError(
        'not_found',
        this._trans.__('%1 was never built.', fullName(build))
      );
    }
    return row.current_build_id;
  }
}
