/** The plugin of what notebooks know of their builds. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ISessionContextDialogs,
  IToolbarWidgetRegistry,
  Notification,
  SessionContextDialogs
} from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import { Dialogs } from '../commands';
import {
  BuildItem,
  Findings,
  FOLDER_KERNEL,
  FolderKernel,
  isKernelName,
  NotebookBuild,
  Offering,
  Questions,
  sayOnOpening,
  startInFolder
} from '../notebook';
import type { IFinding } from '../notebook';
import type { IBuildReference } from '../tokens';
import { CommandIDs } from '../tokens';
import { toErrorInfo } from '../api/request';
import { KernelItem } from '../notebook';
import { NotebooksAdditions } from './additions';
import { ICore } from './core';

/** The item that names the environment; its place is in `schema/plugin.json`. */
const ENVIRONMENT_ITEM = 'conda-store-environment';

export const notebookPlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:notebook',
  description:
    'Shows on which build a notebook runs, and what became of that build.',
  autoStart: true,
  requires: [ICore, INotebookTracker],
  optional: [IToolbarWidgetRegistry, ISessionContextDialogs],
  activate: (
    app: JupyterFrontEnd,
    core: ICore,
    notebooks: INotebookTracker,
    toolbar: IToolbarWidgetRegistry | null,
    sessionDialogs: ISessionContextDialogs | null
  ): void => {
    const { api, model, opener, settings, trans } = core;
    const { contents, kernelspecs } = app.serviceManager;
    const dialogs = sessionDialogs ?? new SessionContextDialogs();
    const messages = new Dialogs(trans);
    const questions = new Questions(trans);
    const findings = new Findings(trans);
    const builds = new WeakMap<NotebookPanel, NotebookBuild>();
    const added = new NotebooksAdditions(
      app,
      trans,
      () => notebooks.currentWidget,
      panel => void dialogs.restart(panel.sessionContext)
    );

    const buildOf = (panel: NotebookPanel): NotebookBuild => {
      const build =
        builds.get(panel) ??
        new NotebookBuild({
          panel,
          api,
          model,
          kernel: reference => opener.kernel(reference),
          confirm: busy => questions.endKernel(panel.context.localPath, busy)
        });
      builds.set(panel, build);
      return build;
    };

    const offering = new Offering({
      api,
      model,
      dialogs,
      trans,
      add: (build, packages) => added.install(build, packages),
      ended: build => messages.notifyOfBuild(build, app.commands)
    });
    const folderKernel = new FolderKernel({
      api: core.providersApi,
      jobs: core.providers.jobs,
      build: path => app.commands.execute(CommandIDs.buildFile, { path }),
      trans
    });
    /** Return the finding to show for a loaded notebook. */
    const find = async (
      panel: NotebookPanel,
      build: NotebookBuild
    ): Promise<IFinding | null> => {
      await kernelspecs.ready;
      const spec = panel.content.model?.getMetadata('kernelspec') as
        { name?: string } | undefined;
      const isListed = (name: string) => !!kernelspecs.specs?.kernelspecs[name];
      const hasKernel = isListed(spec?.name ?? '');
      if (build.named && !hasKernel) {
        return findings.ofName(build.named);
      }
      const record = build.recorded;
      if (!record && !hasKernel && isKernelName(spec?.name ?? '')) {
        const named = await api.namedKernel(spec?.name ?? '');
        return findings.ofName(named);
      }
      const status = record && (await build.refreshStatus());
      return (
        status &&
        findings.ofRecord(record, status, hasKernel, isListed(record.kernel))
      );
    };
    const failed = (build: IBuildReference | null, reason: unknown): void => {
      const error = toErrorInfo(reason);
      if (build) {
        messages.notifyFailure(build, error, model.server.url);
      } else {
        Notification.warning(error.message, { autoClose: false });
      }
    };

    const follow = (item: KernelItem, build: NotebookBuild): KernelItem => {
      const update = () => {
        item.running = build.running;
      };
      build.stateChanged.connect(update);
      update();
      return item;
    };

    toolbar?.addFactory<NotebookPanel>('Notebook', ENVIRONMENT_ITEM, panel =>
      follow(
        new KernelItem(panel.sessionContext, app.commands, trans),
        buildOf(panel)
      )
    );
    notebooks.widgetAdded.connect((_, panel) => {
      const build = buildOf(panel);
      startInFolder(panel, {
        api,
        contents,
        dialogs,
        trans,
        folders: () => settings.ready.then(() => settings.current.folders),
        kernel: reference => opener.kernel(reference),
        starting: reference => {
          build.starting = reference;
        },
        failed
      });
      const use = (to: IBuildReference) => void offering.use(build, to);
      const item = new BuildItem(build, use, trans);
      if (
        !panel.toolbar.insertBefore('kernelName', 'conda-store-build', item)
      ) {
        panel.toolbar.addItem('conda-store-build', item);
      }
      panel.disposed.connect(() => item.dispose());
      added.follow(panel, build, packages =>
        offering.show(build, findings.ofBlock(packages))
      );
      sayOnOpening(panel, build, {
        instead: async () =>
          panel.sessionContext.kernelPreference.name === FOLDER_KERNEL
            ? folderKernel.find(panel.context.localPath)
            : null,
        find: () => find(panel, build),
        ask: finding => void offering.ask(build, finding),
        show: finding => offering.show(build, finding)
      }).catch(reason => console.warn(reason));
    });
  }
};
