/** The main plugin: the panel, its model and its commands. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { PageConfig } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Api } from '../api';
import { ProvidersApi } from '../api/providers';
import { addCommands, Opener } from '../commands';
import { EnvironmentsModel, Refresher } from '../model';
import { ProvidersModel } from '../model/machine';
import { restoreState } from '../model/panel/restore';
import { Settings } from '../model/settings';
import { CommandIDs, PANEL_ID } from '../tokens';
import { DOMAIN } from '../translation';
import { CondaStorePanel } from '../widgets';
import { ICore } from './core';

/** Its settings are those of `schema/plugin.json`. */
const PLUGIN_ID = 'conda-store-labext:plugin';

export const panelPlugin: JupyterFrontEndPlugin<ICore> = {
  id: PLUGIN_ID,
  description: 'Lists the environments of conda-store and runs them.',
  autoStart: true,
  provides: ICore,
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
  ): ICore => {
    const { commands, serviceManager, shell } = app;
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const api = new Api({
      serverSettings: serviceManager.serverSettings,
      translator: translator ?? nullTranslator
    });
    const model = new EnvironmentsModel({
      api,
      events: serviceManager.events.stream
    });
    const providersApi = new ProvidersApi(serviceManager.serverSettings, trans);
    const providers = new ProvidersModel(
      providersApi,
      serviceManager.events.stream
    );
    const refresher = new Refresher(model);
    const panel = new CondaStorePanel({ model, commands }, trans, visible => {
      refresher.visible = visible;
    });
    const settings = new Settings();
    const opener = new Opener({
      model,
      kernelspecs: serviceManager.kernelspecs,
      documents,
      commands,
      trans,
      fileBrowser,
      notebooks
    });

    addCommands({
      app,
      model,
      trans,
      opener,
      settings: () => settings.current,
      saveFavourites: names => settings.set('favourites', names),
      folder: {
        current: () =>
          fileBrowser &&
          serviceManager.contents.localPath(fileBrowser.model.path),
        file: async folder => (await api.folder(folder)).path,
        save: folders => settings.set('folders', folders)
      },
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
      providers.dispose();
      model.dispose();
    });

    settings.changed.connect(() => {
      const { current } = settings;
      refresher.interval = current.refreshInterval * 1000;
      model.filter = {
        namespaces: current.namespaces,
        launchable: current.onlyLaunchable,
        first: current.defaultNamespace
      };
      model.pins.favouriteNames = current.favourites;
    });
    const loaded = settings.load(settingRegistry, PLUGIN_ID);
    void Promise.all([app.restored, loaded]).then(() => {
      const asked = PageConfig.getOption('condaStoreOpenPanel') === 'true';
      if (asked || settings.current.openOnStart) {
        shell.activateById(PANEL_ID);
      }
    });
    return {
      api,
      model,
      opener,
      panel,
      providers,
      providersApi,
      settings,
      trans
    };
  }
};
