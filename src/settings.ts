/** The settings of `schema/plugin.json`, typed, with their defaults. */

import type { ISettingRegistry } from '@jupyterlab/settingregistry';

/** What someone can set. */
export interface ISettings {
  /** Whether the panel is opened when JupyterLab starts. */
  openOnStart: boolean;
  /** Seconds between two looks at the server while the panel is seen. */
  refreshInterval: number;
  /** Whether a launch opens a notebook, and not only makes the kernel available. */
  notebookOnLaunch: boolean;
}

/** What holds when nothing is set, or settings are not available. */
export const DEFAULT_SETTINGS: ISettings = {
  openOnStart: false,
  refreshInterval: 30,
  notebookOnLaunch: true
};

/** The settings as they are now. */
export function readSettings(
  settings: ISettingRegistry.ISettings | null
): ISettings {
  return { ...DEFAULT_SETTINGS, ...(settings?.composite as object) };
}
