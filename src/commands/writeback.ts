/** The command that writes back to a repository what was changed in its clone. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { saveIcon } from '@jupyterlab/ui-components';
import type {
  IChangesRequest,
  IRepositoriesApi,
  IVisit,
  IWrittenBack
} from '../api/repositories';
import { attempt, CondaStoreError } from '../api/request';
import type { IBuildReference } from '../tokens';
import { CommandIDs } from '../tokens';
import { ChangesForm } from './changesform';
import { Dialogs } from './dialogs';
import type { CurrentPath } from './target';
import { pathOf, targetOf } from './target';

/** Milliseconds between two looks at what is under way. */
const POLL = 500;

/** The options of this command. */
export interface IWriteBackOptions {
  app: JupyterFrontEnd;
  api: Pick<IRepositoriesApi, 'changes' | 'write' | 'visit'>;
  trans: TranslationBundle;
  current: CurrentPath;
  /** The build that the notebook at this path ran on, as it is written; null where it is none of conda-store's. */
  build: (path: string) => string | null;
}

/** Add it. */
export function addWriteBackCommand(options: IWriteBackOptions): void {
  const { app, api, trans, current, build } = options;
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
    label: args =>
      args.lockfile
        ? trans.__('Write Its Lockfile to the Repository…')
        : trans.__('Write Back to the Repository…'),
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
          },
          additions: {
            type: 'string',
            description:
              'The key of a copy: what was added to it is listed in the manifest.'
          },
          lockfile: {
            type: 'boolean',
            description:
              'Whether to write the lockfile of the environment under the context menu.'
          }
        }
      }
    },
    isEnabled: args => pathOf(args, current) !== null,
    execute: async args => {
      const path = pathOf(args, current);
      if (path === null) {
        return;
      }
      const title = trans.__('Nothing was written back');
      await attempt(dialogs.inDialog(title), async () => {
        const additions =
          typeof args.additions === 'string' ? args.additions : '';
        const row = args.lockfile ? targetOf(app, args) : null;
        const locked = row ? written(row) : '';
        const asked: IChangesRequest = { path, additions, lock: locked };
        const changes = await api.changes(asked);
        // a build's own lockfile would lack what is added to it
        const offered = locked || additions ? null : build(path);
        if (!changes.files.length && !offered) {
          throw new CondaStoreError(
            'invalid_request',
            trans.__('Nothing has changed since the last commit.')
          );
        }
        const body = new ChangesForm(changes, offered, trans);
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
        const { withLockfile, ...commit } = value;
        const lock = withLockfile ? (offered ?? '') : locked;
        const wanted = { ...asked, lock, files: [...changes.files], ...commit };
        const visit = await finished(await api.write(wanted));
        if (visit.error) {
          throw new CondaStoreError(visit.error.code, visit.error.message);
        }
        if (visit.written) {
          tell(visit.written, trans);
        }
      });
    }
  });
}

/** An environment, or a build of it, as the server extension reads it. */
function written({
  namespace,
  environment,
  build_id
}: IBuildReference): string {
  const name = `${namespace}/${environment}`;
  return build_id === null ? name : `${name}:${build_id}`;
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
