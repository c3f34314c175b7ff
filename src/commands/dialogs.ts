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

/** The dialogs and notifications of the commands. */
export class Dialogs {
  constructor(protected readonly trans: TranslationBundle) {}

  /** Say that something did not work in one sentence, with the rest at a click. */
  notifyFailure(
    build: IBuildReference,
    error: IErrorInfo,
    server: string | null
  ): void {
    const facts = [
      this.trans.__('Environment: %1', fullName(build)),
      build.build_id === null ? '' : this.trans.__('Build: %1', build.build_id),
      server ? this.trans.__('Server: %1', server) : '',
      this.trans.__('Error: %1', error.code)
    ];
    const details = facts.filter(fact => fact).join('\n');
    Notification.error(`${fullName(build)}: ${error.message}`, {
      autoClose: false,
      actions: [
        {
          label: this.trans.__('Show details'),
          callback: () =>
            void showDialog({
              title: this.trans.__('%1 was not launched', fullName(build)),
              body: textNode(`${error.message}\n\n${details}`),
              buttons: [Dialog.okButton({ label: this.trans.__('Close') })]
            })
        }
      ]
    });
  }

  /** Say that an environment became ready while nobody watched. */
  notifyReady(build: IBuildReference): void {
    Notification.success(
      this.trans.__('%1 is ready to run.', fullName(build)),
      {
        autoClose: 5000
      }
    );
  }

  /** Say that a build has ended, and offer what comes next. */
  notifyOfBuild(build: IBuildDetail, commands: CommandRegistry): void {
    const args = {
      namespace: build.namespace,
      environment: build.environment,
      build_id: build.id
    };
    const name = fullName(build);
    const showLog = {
      label: this.trans.__('Show log'),
      callback: () =>
        void commands.execute(CommandIDs.openEnvironment, {
          ...args,
          section: 'log'
        })
    };
    const pages = commands.hasCommand(CommandIDs.openEnvironment);
    if (build.status === 'FAILED') {
      const failed = this.trans.__('Build %1 of %2 failed.', build.id, name);
      Notification.error(
        [failed, build.reason].filter(part => part).join(' '),
        {
          autoClose: false,
          actions: pages ? [showLog] : []
        }
      );
    } else if (build.status === 'COMPLETED') {
      Notification.success(
        this.trans.__('Build %1 of %2 is done.', build.id, name),
        {
          autoClose: 30000,
          actions: build.launchable
            ? [
                {
                  label: this.trans.__('Launch'),
                  displayType: 'accent',
                  callback: () => void commands.execute(CommandIDs.launch, args)
                }
              ]
            : pages
              ? [showLog]
              : []
        }
      );
    }
  }

  /** Ask whether a local copy may go, naming what goes and what stays. */
  async confirmRemoval(copy: ILocalCopy): Promise<boolean> {
    const lines = [
      [
        this.trans.__(
          'This deletes build %1 from this machine:',
          copy.build_id
        ),
        copy.prefix ?? ''
      ].join('\n'),
      copy.kernels.length
        ? this.trans._n(
            'Its kernel leaves the launcher.',
            'Its %1 kernels leave the launcher.',
            copy.kernels.length
          )
        : '',
      this.trans.__(
        'The environment stays on the server and can be launched again.'
      )
    ];
    const { button } = await showDialog({
      title: this.trans.__('Remove the local copy of %1?', fullName(copy)),
      body: textNode(lines.filter(line => line).join('\n\n')),
      buttons: [
        Dialog.cancelButton({ label: this.trans.__('Cancel') }),
        Dialog.warnButton({ label: this.trans.__('Remove') })
      ]
    });
    return button.accept;
  }

  /** Ask which environment to launch; null when nobody chose. */
  chooseEnvironment(model: EnvironmentsModel): Promise<IBuildReference | null> {
    const items = model.environments
      .filter(environment => model.stateOf(environment).launchable)
      .map(fullName);
    return this.nameEnvironment({
      title: this.trans.__('Launch an environment'),
      label: model.listing.partial
        ? this.trans.__(
            'The list holds the first %1 of %2; type the namespace/name of any other.',
            items.length,
            model.listing.count
          )
        : undefined,
      items,
      okLabel: this.trans.__('Launch')
    });
  }

  /** Ask for an environment by its name, one of the items or another; null when nobody chose. */
  async nameEnvironment(
    options: Pick<
      InputDialog.IItemOptions,
      'title' | 'items' | 'okLabel' | 'label'
    >
  ): Promise<IBuildReference | null> {
    const { button, value } = await InputDialog.getItem({
      ...options,
      label: options.label ?? this.trans.__('Environment, as namespace/name'),
      editable: true
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
  inDialog(title: string): (error: IErrorInfo) => Promise<void> {
    return error => this.show(title, error.message);
  }

  /** Show a sentence that somebody has to have read. */
  async show(title: string, message: string): Promise<void> {
    await showDialog({
      title,
      body: textNode(message),
      buttons: [Dialog.okButton({ label: this.trans.__('Close') })]
    });
  }
}

/** Text as a dialog's body, its lines kept. */
export function textNode(text: string): Widget {
  const body = new Widget();
  body.addClass('jp-CondaStore-dialog');
  body.node.textContent = text;
  return body;
}
