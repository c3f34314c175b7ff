/** The questions and messages of the commands. All text of the server's is shown as text. */

import {
  Dialog,
  InputDialog,
  Notification,
  showDialog
} from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';
import { fullName, parseName } from '../api/names';
import type { EnvironmentsModel } from '../model';
import type {
  IBuildDetail,
  IBuildReference,
  IErrorInfo,
  ILocalCopy
} from '../tokens';
import { CommandIDs } from '../tokens';

/** Say that something did not work in one sentence, with the rest at a click. */
export function notifyFailure(
  build: IBuildReference,
  error: IErrorInfo,
  server: string | null,
  trans: TranslationBundle
): void {
  const facts = [
    trans.__('Environment: %1', fullName(build)),
    build.build_id === null ? '' : trans.__('Build: %1', build.build_id),
    server ? trans.__('Server: %1', server) : '',
    trans.__('Error: %1', error.code)
  ];
  const details = facts.filter(fact => fact).join('\n');
  Notification.error(`${fullName(build)}: ${error.message}`, {
    autoClose: false,
    actions: [
      {
        label: trans.__('Show details'),
        callback: () =>
          void showDialog({
            title: trans.__('%1 was not launched', fullName(build)),
            body: textNode(`${error.message}\n\n${details}`),
            buttons: [Dialog.okButton({ label: trans.__('Close') })]
          })
      }
    ]
  });
}

/** Say that an environment became ready while nobody watched. */
export function notifyReady(
  build: IBuildReference,
  trans: TranslationBundle
): void {
  Notification.success(trans.__('%1 is ready to run.', fullName(build)), {
    autoClose: 5000
  });
}

/** Say that a build has ended, and offer what comes next. */
export function notifyOfBuild(
  build: IBuildDetail,
  commands: CommandRegistry,
  trans: TranslationBundle
): void {
  const args = {
    namespace: build.namespace,
    environment: build.environment,
    build_id: build.id
  };
  const name = fullName(build);
  const showLog = {
    label: trans.__('Show log'),
    callback: () =>
      void commands.execute(CommandIDs.openEnvironment, {
        ...args,
        section: 'log'
      })
  };
  const pages = commands.hasCommand(CommandIDs.openEnvironment);
  if (build.status === 'FAILED') {
    const failed = trans.__('Build %1 of %2 failed.', build.id, name);
    Notification.error([failed, build.reason].filter(part => part).join(' '), {
      autoClose: false,
      actions: pages ? [showLog] : []
    });
  } else if (build.status === 'COMPLETED') {
    Notification.success(trans.__('Build %1 of %2 is done.', build.id, name), {
      autoClose: 30000,
      actions: build.launchable
        ? [
            {
              label: trans.__('Launch'),
              displayType: 'accent',
              callback: () => void commands.execute(CommandIDs.launch, args)
            }
          ]
        : pages
          ? [showLog]
          : []
    });
  }
}

/** Ask whether a local copy may go, naming what goes and what stays. */
export async function confirmRemoval(
  copy: ILocalCopy,
  trans: TranslationBundle
): Promise<boolean> {
  const lines = [
    [
      trans.__('This deletes build %1 from this machine:', copy.build_id),
      copy.prefix ?? ''
    ].join('\n'),
    copy.kernels.length
      ? trans._n(
          'Its kernel leaves the launcher.',
          'Its %1 kernels leave the launcher.',
          copy.kernels.length
        )
      : '',
    trans.__('The environment stays on the server and can be launched again.')
  ];
  const { button } = await showDialog({
    title: trans.__('Remove the local copy of %1?', fullName(copy)),
    body: textNode(lines.filter(line => line).join('\n\n')),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Remove') })
    ]
  });
  return button.accept;
}

/**
 * Ask which environment to launch.
 *
 * @returns null when nobody chose.
 */
export async function chooseEnvironment(
  model: EnvironmentsModel,
  trans: TranslationBundle
): Promise<IBuildReference | null> {
  const names = model.environments
    .filter(environment => model.stateOf(environment).launchable)
    .map(fullName);
  const { button, value } = await InputDialog.getItem({
    title: trans.__('Launch an environment'),
    label: model.listing.partial
      ? trans.__(
          'The list holds the first %1 of %2; type the namespace/name of any other.',
          names.length,
          model.listing.count
        )
      : trans.__('Environment, as namespace/name'),
    items: names,
    editable: true,
    okLabel: trans.__('Launch')
  });
  const named = button.accept ? parseName(value ?? '') : null;
  return (
    named && {
      namespace: named.namespace,
      environment: named.name,
      build_id: null
    }
  );
}

/** Say in a dialog why something cannot be done. */
export const inDialog =
  (title: string, trans: TranslationBundle) => (error: IErrorInfo) =>
    showMessage(title, error.message, trans);

/** Show a sentence that somebody has to have read. */
export async function showMessage(
  title: string,
  message: string,
  trans: TranslationBundle
): Promise<void> {
  await showDialog({
    title,
    body: textNode(message),
    buttons: [Dialog.okButton({ label: trans.__('Close') })]
  });
}

/** Text as a dialog's body, its lines kept. */
export function textNode(text: string): Widget {
  const body = new Widget();
  body.addClass('jp-CondaStore-dialog');
  body.node.textContent = text;
  return body;
}
