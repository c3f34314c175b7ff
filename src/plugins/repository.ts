/** The plugin of repositories: their page, the links that lead to it, and links to what is open. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILabShell, IRouter } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { buildName } from '../api/names';
import type { IRepositoryRequest } from '../api/repositories';
import { RepositoriesApi } from '../api/repositories';
import { toErrorInfo } from '../api/request';
import {
  addLinkCommand,
  addRepositoryCommands,
  addWriteBackCommand,
  OpenedDocuments
} from '../commands';
import { readQuery, RepositoryModel } from '../model/repositories';
import { METADATA, readRecord } from '../notebook';
import { CommandIDs } from '../tokens';
import { RepositoryPage } from '../widgets';
import { ICore } from './core';
import { LauncherSection } from './launchersection';

/** JupyterLab's last section has 100. */
const AFTER_ALL = 100;

export const repositoryPlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:repository',
  description: 'Opens notebooks of git repositories on their environments.',
  autoStart: true,
  requires: [ICore, IDocumentManager],
  // Notebook's main area holds one thing only, so that there is no page in it.
  optional: [
    ILabShell,
    IRouter,
    ILauncher,
    IDefaultFileBrowser,
    INotebookTracker,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    core: ICore,
    documents: IDocumentManager,
    shell: ILabShell | null,
    router: IRouter | null,
    launcher: ILauncher | null,
    fileBrowser: IDefaultFileBrowser | null,
    notebooks: INotebookTracker | null,
    translator: ITranslator | null
  ): void => {
    const { api, settings, trans } = core;
    const { commands, serviceManager: services } = app;
    const routes = new RepositoriesApi(services.serverSettings, trans);

    const current = (inBrowser: boolean) => {
      const items = inBrowser ? fileBrowser?.selectedItems() : undefined;
      const item = items && [...items][0];
      const widget = app.shell.currentWidget;
      const open = widget && documents.contextForWidget(widget)?.path;
      const path = item?.path ?? open ?? fileBrowser?.model.path ?? null;
      return path === null ? null : services.contents.localPath(path);
    };
    const recordOf = (path: string) => {
      const panel = notebooks?.find(
        ({ context }) => context.localPath === path
      );
      return readRecord(panel?.content.model?.getMetadata(METADATA));
    };
    const build = (path: string) => {
      const record = recordOf(path);
      return record && buildName(record).replace(' #', ':');
    };
    addWriteBackCommand({
      app,
      api: routes,
      trans,
      current,
      // what was made of a file has no lockfile at conda-store
      build: path => (recordOf(path)?.server === 'file:' ? null : build(path))
    });
    addLinkCommand({ app, api: routes, trans, current, build });
    if (!shell) {
      return;
    }

    const opened = new OpenedDocuments({
      shell,
      services,
      documents,
      fileBrowser,
      trans
    });
    const open = (request: Partial<IRepositoryRequest>) => {
      const model = new RepositoryModel(
        {
          look: wanted => routes.look(wanted),
          open: wanted => routes.open(wanted),
          visit: id => routes.visit(id),
          cancel: id => routes.cancel(id),
          names: repository => routes.names(repository),
          preview: specification => api.preview(specification),
          buildLog: id => api.buildLog(id)
        },
        request
      );
      const onOpen = () => void model.open(opened.unsaved);
      const page = new RepositoryPage({ model, commands, onOpen }, trans);
      model.opened.connect((_, what) => {
        opened
          .show(what)
          .then(() => page.dispose())
          .catch(reason => {
            Notification.error(toErrorInfo(reason).message, {
              autoClose: false
            });
          });
      });
      shell.add(page, 'main', { type: 'Conda-store' });
      shell.activateById(page.id);
      void model.look();
    };
    addRepositoryCommands({ app, trans, router, open, read: readQuery });
    if (launcher) {
      const section = new LauncherSection(
        launcher,
        // In JupyterLab's own words.
        // eslint-disable-next-line no-restricted-syntax
        (translator ?? nullTranslator).load('jupyterlab').__('Other'),
        AFTER_ALL
      );
      const command = CommandIDs.openRepository;
      const show = () =>
        section.show(
          settings.current.launcherTile
            ? [{ command, args: { isTile: true } }]
            : []
        );
      settings.changed.connect(show);
      show();
    }
  }
};
