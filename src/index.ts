/** The plugins of the extension. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { PageConfig } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Api } from './api';
import { addCommands, Opener } from './commands';
import { addTile } from './launcher';
import { EnvironmentsModel, Refresher } from './model';
import { restoreState } from './restore';
import { readSettings } from './settings';
import { CommandIDs, ICondaStoreModel, PANEL_ID } from './tokens';
import { CondaStorePanel } from './widgets';

export * from './tokens';

const PLUGIN_ID = 'conda-store-labext:plugin';

/** The panel, its model and its commands. */
const plugin: JupyterFrontEndPlugin<ICondaStoreModel> = {
  id: PLUGIN_ID,
  description: 'Lists the environments of conda-store and runs them.',
  autoStart: true,
  provides: ICondaStoreModel,
  requires: [IDocumentManager],
  optional: [
    ITranslator,
    ISettingRegistry,
    IStateDB,
    ILayoutRestorer,
    IDefaultFileBrowser,
    INotebookTracker
  ],
  activate: (
    app: JupyterFrontEnd,
    documents: IDocumentManager,
    translator: ITranslator | null,
    settingRegistry: ISettingRegistry | null,
    stateDB: IStateDB | null,
    restorer: ILayoutRestorer | null,
    fileBrowser: IDefaultFileBrowser | null,
    notebooks: INotebookTracker | null
  ): ICondaStoreModel => {
    const { commands, serviceManager, shell } = app;
    const trans = (translator ?? nullTranslator).load('conda_store_labext');
    const model = new EnvironmentsModel({
      api: new Api({
        serverSettings: serviceManager.serverSettings,
        translator: translator ?? nullTranslator
      }),
      events: serviceManager.events.stream
    });
    const refresher = new Refresher(model);
    const panel = new CondaStorePanel({ model, commands, trans }, visible => {
      refresher.visible = visible;
    });
    let settings: ISettingRegistry.ISettings | null = null;

    addCommands({
      app,
      model,
      trans,
      opener: new Opener({
        model,
        kernelspecs: serviceManager.kernelspecs,
        documents,
        commands,
        trans,
        fileBrowser,
        notebooks
      }),
      settings: () => readSettings(settings),
      panelVisible: () => panel.isVisible
    });
    notebooks?.currentChanged.connect(() => {
      commands.notifyCommandChanged(CommandIDs.useKernel);
      model.stateChanged.emit();
    });

    shell.add(panel, 'left', { rank: 320 });
    restorer?.add(panel, PANEL_ID);
    const saving = stateDB && restoreState(model, stateDB, PLUGIN_ID);
    panel.disposed.connect(() => {
      saving?.dispose();
      refresher.dispose();
      model.dispose();
    });

    const applySettings = () => {
      refresher.interval = readSettings(settings).refreshInterval * 1000;
    };
    const settingsLoaded = settingRegistry
      ?.load(PLUGIN_ID)
      .then(loaded => {
        settings = loaded;
        loaded.changed.connect(applySettings);
        applySettings();
      })
      .catch(reason => {
        console.error(`The settings of ${PLUGIN_ID} were not loaded.`, reason);
      });
    void Promise.all([app.restored, settingsLoaded]).then(() => {
      const asked = PageConfig.getOption('condaStoreOpenPanel') === 'true';
      if (asked || readSettings(settings).openOnStart) {
        shell.activateById(PANEL_ID);
      }
    });
    return model;
  }
};

/** The tile in the launcher. */
const launcherPlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:launcher',
  description: 'Adds a tile to the launcher that opens the panel.',
  autoStart: true,
  requires: [ICondaStoreModel],
  // Notebook has no launcher.
  optional: [ILauncher, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    _model: ICondaStoreModel,
    launcher: ILauncher | null,
    translator: ITranslator | null
  ): void => {
    if (launcher) {
      addTile(launcher, translator ?? nullTranslator);
    }
  }
};

/** The palette's entries. */
const palettePlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:palette',
  description: 'Adds the commands to the palette.',
  autoStart: true,
  requires: [ICondaStoreModel],
  optional: [ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    _model: ICondaStoreModel,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('conda_store_labext');
    const category = trans.__('Conda-store');
    [
      CommandIDs.open,
      CommandIDs.refresh,
      CommandIDs.choose,
      CommandIDs.startLocalStore,
      CommandIDs.stopLocalStore
    ].forEach(command => {
      palette?.addItem({ command, category, args: { isPalette: true } });
    });
  }
};

export default [plugin, launcherPlugin, palettePlugin];
