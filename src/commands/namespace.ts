/** The command that changes a namespace. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { deleteIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IApi } from '../api';
import type { EnvironmentsModel } from '../model';
import { toErrorInfo } from '../api/request';
import { CommandIDs } from '../tokens';
import { Dialogs } from './dialogs';
import { Questions } from './questions';

/** The options of the command. */
interface INamespaceOptions {
  app: JupyterFrontEnd;
  api: Pick<IApi, 'deleteNamespace' | 'environments'>;
  model: EnvironmentsModel;
  trans: TranslationBundle;
}

/** The arguments of the command. */
const NAMESPACE_ARGS = {
  type: 'object',
  required: ['namespace'],
  properties: {
    namespace: { type: 'string', description: 'The name of the namespace.' }
  }
};

/** Add the command that deletes the namespace of its arguments, or of the row under the context menu. */
export function addNamespaceCommand(options: INamespaceOptions): void {
  const { app, api, model, trans } = options;
  const dialogs = new Dialogs(trans);
  const questions = new Questions(trans);
  const { commands } = app;

  const nameOf = (args: ReadonlyPartialJSONObject): string | null => {
    const row = app.contextMenuHitTest(
      node => node.dataset.kind === 'namespace'
    );
    return typeof args.namespace === 'string'
      ? args.namespace
      : (row?.dataset.namespace ?? null);
  };

  /** Tell whether the list has environments of it. */
  const isUsed = (name: string | null) =>
    model.listing.namespaces.some(row => row.name === name && row.count > 0);

  commands.addCommand(CommandIDs.deleteNamespace, {
    label: args =>
      isUsed(nameOf(args))
        ? trans.__('Delete the Namespace (Only When Empty)')
        : trans.__('Delete the Namespace…'),
    caption: trans.__('Delete this namespace, which is empty, from the server'),
    icon: deleteIcon,
    describedBy: { args: NAMESPACE_ARGS },
    isEnabled: args => {
      const name = nameOf(args);
      return (
        !isUsed(name) && model.namespaces.may(name ?? '').includes('delete')
      );
    },
    execute: async args => {
      const name = nameOf(args);
      if (name === null) {
        return;
      }
      try {
        // conda-store deletes all that is in a namespace: see that nothing has come into it.
        const { count } = await api.environments('', 1, name, 1);
        if (count) {
          await dialogs.show(
            trans.__('%1 was not deleted', name),
            trans._n(
              'There is %1 environment in this namespace now; delete it first.',
              'There are %1 environments in this namespace now; delete them first.',
              count
            )
          );
        } else if ((await questions.deleteNamespace(name)).accept) {
          await api.deleteNamespace(name);
          const text = trans.__('The namespace %1 was deleted.', name);
          Notification.success(text, { autoClose: 5000 });
        }
      } catch (reason) {
        const { message } = toErrorInfo(reason);
        Notification.error(`${name}: ${message}`, { autoClose: false });
      }
      await model.refresh();
    }
  });
}
