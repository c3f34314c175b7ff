/** The settings of `schema/plugin.json`, typed, with their defaults, as they are now. */

import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { PromiseDelegate } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** The settings that someone can change. */
export interface ISettings {
  /** True to open the panel when JupyterLab starts. */
  openOnStart: boolean;
  /** Seconds between two looks at the server while the panel is seen. */
  refreshInterval: number;
  /** True for a launch to open a notebook, and not only make the kernel available. */
  notebookOnLaunch: boolean;
  /** The namespace that stands on top of the list; empty for none. */
  defaultNamespace: string;
  /** The namespaces that are listed; empty for all. */
  namespaces: string[];
  /** True to leave out environments that cannot be launched. */
  onlyLaunchable: boolean;
  /** The favourites, as `namespace/name`. */
  favourites: string[];
  /** True to notify when a build has ended. */
  notifyOfBuilds: boolean;
  /** True to show the panel's tile in the launcher. */
  launcherTile: boolean;
  /** The number of environments with tiles in the launcher. */
  launcherEnvironments: number;
  /** The builds that new notebooks start on, as `namespace/name` or `namespace/name:build`, by folder. */
  folders: Record<string, string>;
}

/** The values used when nothing is set, or settings are not available. */
export const DEFAULT_SETTINGS: ISettings = {
  openOnStart: false,
  refreshInterval: 30,
  notebookOnLaunch: true,
  defaultNamespace: '',
  namespaces: [],
  onlyLaunchable: false,
  favourites: [],
  notifyOfBuilds: true,
  launcherTile: true,
  launcherEnvironments: 12,
  folders: {}
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

  /** Fulfilled once they were loaded, or it is known that the defaults hold. */
  get ready(): Promise<void> {
    return this._ready.promise;
  }

  /** Take them from JupyterLab's registry; without them the defaults go on to hold. */
  async load(registry: ISettingRegistry | null, id: string): Promise<void> {
    try {
      if (registry) {
        this._loaded = await registry.load(id);
        this._loaded.changed.connect(() => this._changed.emit());
        this._changed.emit();
      }
    } catch (reason) {
      console.error(`The settings of ${id} were not loaded.`, reason);
    }
    this._ready.resolve();
  }

  /** Set one of them for the user. */
  async set<K extends keyof ISettings>(
    key: K,
    value: ISettings[K]
  ): Promise<void> {
    await this._loaded?.set(key, value as never);
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _ready = new PromiseDelegate<void>();
  private _loaded: ISettingRegistry.ISettings | null = null;
}
