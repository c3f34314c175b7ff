/** The plugin of the environments' pages, and of the commands that change what they show. */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import {
  addLifecycleCommands,
  addNamespaceCommand,
  addPageCommand
} from '../commands';
import type { Section } from '../model';
import { EnvironmentPageModel } from '../model';
import type { IBuildReference } from '../tokens';
import { CommandIDs } from '../tokens';
import { EnvironmentPage } from '../widgets';
import { ICore } from './core';

export const pagePlugin: JupyterFrontEndPlugin<void> = {
  id: 'conda-store-labext:page',
  description: 'Shows an environment with its builds in the main area.',
  autoStart: true,
  requires: [ICore],
  // Notebook's main area holds one thing only, so that there is no page in it.
  optional: [ILabShell, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    core: ICore,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const { commands } = app;
    const { api, model, trans } = core;
    const tracker = new WidgetTracker<EnvironmentPage>({
      namespace: 'conda-store-page'
    });
    const page = ({ namespace, environment }: IBuildReference) =>
      tracker.find(
        ({ model }) =>
          model.namespace === namespace && model.name === environment
      );

    addLifecycleCommands({ app, api, model, trans, page });
    addNamespaceCommand({ app, api, model, trans });
    if (!labShell) {
      return;
    }
    const create = (namespace: string, name: string): EnvironmentPage =>
      new EnvironmentPage(
        {
          model: new EnvironmentPageModel({
            api,
            environments: model,
            namespace,
            name
          }),
          commands
        },
        trans
      );
    const open = (target: IBuildReference, section: Section | null) => {
      const { namespace, environment, build_id } = target;
      const widget = page(target) ?? create(namespace, environment);
      if (section) {
        widget.model.show(section, build_id);
      }
      if (!widget.isAttached) {
        void tracker.add(widget);
        labShell.add(widget, 'main', { type: 'Conda-store' });
      }
      labShell.activateById(widget.id);
    };
    addPageCommand({ app, model, trans, open });
    void restorer?.restore(tracker, {
      command: CommandIDs.openEnvironment,
      args: ({ model }) => ({
        namespace: model.namespace,
        environment: model.name,
        section: model.section
      }),
      name: ({ id }) => id
    });
  }
};
