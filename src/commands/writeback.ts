/** The command that writes back to a repository what was changed in its clone. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { saveIcon } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import type {
  IRepositoriesApi,
  IRepositoryChanges,
  IVisit,
  IWrittenBack
} from '../api/repositories';
import { attempt, CondaStoreError } from '../api/request';
import { CommandIDs } from '../tokens';
import { Dialogs } from './dialogs';

/** Milliseconds between two looks at what is under way. */
const POLL = 500;

/** The options of this command. */
export interface IWriteBackOptions {
  app: JupyterFrontEnd;
  api: Pick<IRepositoriesApi, 'changes' | 'write' | 'visit'>;
  trans: TranslationBundle;
  /** The path of what is open, or selected in the file browser; null for neither. */
  current: (inBrowser: boolean) => string | null;
}

/** Add it. */
export function addWriteBackCommand(options: IWriteBackOptions): void {
  const { app, api, trans, current } = options;
  const dialogs = new Dialogs(trans);

  const finished = async (begun: IVisit): Promise<IVisit> => {
    let visit = begun;
    while (visit.state === 'running') {
      await new Promise(done => window.setTimeout(done, POLL));
      visit = await api.visit(visit.id);
    }
    return visit;
  };

  app.commands.addCommand(CommandIDs.writeBack, {
    label: trans.__('Write Back to the Repository…'),
    caption: trans.__(
      'Commit what was changed in this clone, and push it with your own git credentials'
    ),
    icon: args => (args.isPalette ? undefined : saveIcon),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          path: {
            type: 'string',
            description: 'The clone, or something in it; what is open if none.'
          }
        }
      }
    },
    isEnabled: args =>
      typeof args.path === 'string' || current(!!args.isContextMenu) !== null,
    execute: async args => {
      const path =
        typeof args.path === 'string'
          ? args.path
          : current(!!args.isContextMenu);
      if (path === null) {
        return;
      }
      const title = trans.__('Nothing was written back');
      await attempt(dialogs.inDialog(title), async () => {
        const changes = await api.changes(path);
        if (!changes.files.length) {
          throw new CondaStoreError(
            'invalid_request',
            trans.__('Nothing has changed since the last commit.')
          );
        }
        const body = new ChangesForm(changes, trans);
        const { button, value } = await showDialog({
          title: trans.__('Write back to %1', changes.folder || path),
          body,
          buttons: [
            Dialog.cancelButton({ label: trans.__('Cancel') }),
            Dialog.okButton({ label: trans.__('Commit and Push') })
          ]
        });
        if (!button.accept || !value) {
          return;
        }
        const wanted = { path, files: [...changes.files], ...value };
        const { error, written } = await finished(await api.write(wanted));
        if (error) {
          throw new CondaStoreError(error.code, error.message);
        }
        if (written) {
          tell(written, trans);
        }
      });
    }
  });
}

/** Say where the commit is now, and where it is to go from there. */
function tell(written: IWrittenBack, trans: TranslationBundle): void {
  const { branch, pushed_to, request, saved_in, why } = written;
  if (pushed_to) {
    Notification.success(trans.__('%1 was pushed to %2.', branch, pushed_to), {
      autoClose: false,
      actions: request
        ? [
            {
              label: trans.__('Open a Pull Request'),
              callback: () => {
                window.open(request, '_blank', 'noopener');
              }
            }
          ]
        : []
    });
    return;
  }
  const saved = trans.__(
    'The commit is on the branch %1 here, and as a patch and a bundle in %2 for somebody who may push it.',
    branch,
    saved_in ?? ''
  );
  Notification.warning([why, saved].filter(part => part).join(' '), {
    autoClose: false
  });
}

/** The choice that somebody made. */
interface IChoice {
  message: string;
  branch: string;
  author: string;
}

/** The difference, and what the commit is to be. */
class ChangesForm extends Widget implements Dialog.IBodyWidget<IChoice> {
  constructor(
    private readonly _changes: IRepositoryChanges,
    trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-CondaStore-writeBack');
    const { diff, files, branch, new_branch, author } = _changes;
    const text = document.createElement('pre');
    text.textContent = diff;
    text.tabIndex = 0;
    text.setAttribute('aria-label', trans.__('What changed'));
    this._message = this._field(
      trans.__('Message'),
      trans.__('Change %1', files.join(', '))
    );
    this._branch = this._field(trans.__('New branch'), new_branch);
    this._branch.placeholder = branch
      ? trans.__('empty: on %1, which is checked out', branch)
      : '';
    this._author = this._field(trans.__('Author, as Name <mail>'), '');
    this._author.parentElement!.hidden = author;
    this.node.prepend(text);
  }

  getValue(): IChoice {
    return {
      message: this._message.value.trim(),
      branch: this._branch.value.trim(),
      author: this._changes.author ? '' : this._author.value.trim()
    };
  }

  private _field(label: string, value: string): HTMLInputElement {
    const line = document.createElement('label');
    const input = document.createElement('input');
    line.textContent = label;
    input.className = 'jp-mod-styled';
    input.value = value;
    line.append(input);
    this.node.append(line);
    return input;
  }

  private readonly _message: HTMLInputElement;
  private readonly _branch: HTMLInputElement;
  private readonly _author: HTMLInputElement;
}
