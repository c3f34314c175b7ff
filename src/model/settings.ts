/** The settings of `schema/plugin.json`, typed, with their defaults, as they are now. */

import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { PromiseDelegate } from '@lumino/coreutils';
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
  /** Whether a notification says that a build has ended. */
  notifyOfBuilds: boolean;
  /** Whether the launcher has the panel's tile. */
  launcherTile: boolean;
  /** How many environments have tiles in the launcher. */
  launcherEnvironments: number;
  /** What new notebooks start on, as `namespace/name` or `namespace/name:build`, by folder. */
  folders: Record<string, string>;
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
