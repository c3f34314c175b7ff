/** The settings of `schema/plugin.json`, typed, with their defaults, as they are now. */

import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** What someone can set. */
export interface ISettings {
  /** Whether the panel is opened when JupyterLab starts. */
  openOnStart: boolean;
  /** Seconds between two looks at the server while the panel is seen. */
  refreshInterval: number;
  /** Whether a launch opens a notebook, and not only makes the kernel available. */
  notebookOnLaunch: boolean;
  /** The namespace that stands on top of the list; empty for none. */
  defaultNamespace: string;
  /** The namespaces that are listed; empty for all. */
  namespaces: string[];
  /** Whether environments that cannot be launched are left out. */
  onlyLaunchable: boolean;
  /** The favourites, as `namespace/name`. */
  favourites: string[];
  /** Whether it is told in a notification that a build has ended. */
  notifyOfBuilds: boolean;
  /** Whether the launcher has the panel's tile. */
  launcherTile: boolean;
}

/** What holds when nothing is set, or settings are not available. */
export const DEFAULT_SETTINGS: ISettings = {
  openOnStart: false,
  refreshInterval: 30,
  notebookOnLaunch: true,
  defaultNamespace: '',
  namespaces: [],
  onlyLaunchable: false,
  favourites: [],
  notifyOfBuilds: true,
  launcherTile: true
};

/** The settings, live: the defaults until they are loaded. */
export class Settings {
  /** Emitted when they were loaded, and after every change. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** All of them as they are now. */
  get current(): ISettings {
    return { ...DEFAULT_SETTINGS, ...(this._loaded?.composite as object) };
  }

  /** Take them from JupyterLab's registry; without them the defaults go on to hold. */
  async load(registry: ISettingRegistry, id: string): Promise<void> {
    try {
      this._loaded = await registry.load(id);
      this._loaded.changed.connect(() => this._changed.emit());
      this._changed.emit();
    } catch (reason) {
      console.error(`The settings of ${id} were not loaded.`, reason);
    }
  }

  /** Set one of them for the user. */
  async set<K extends keyof ISettings>(
    key: K,
    value: ISettings[K]
  ): Promise<void> {
    await this._loaded?.set(key, value as never);
  }

  private readonly _changed = new Signal<this, void>(this);
  private _loaded: ISettingRegistry.ISettings | null = null;
}
