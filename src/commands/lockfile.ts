/** The command that launches a notebook on a lockfile. */

import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { CommandRegistry } from '@lumino/commands';
import type { IFileRequest, IFilesApi } from '../api/files';
import { CondaStoreError } from '../api/request';
import { condaStoreIcon } from '../icons';
import type { Copies } from '../model/copies';
import { CommandIDs } from '../tokens';
import { textNode } from './dialogs';
import type { Opener } from './opener';
import { FILE_ARGS } from './options';
import { basename, selectedFile } from './selection';

/** The lockfiles that an environment can be made of, by their names. */
const LOCKFILES = /^(.*conda-lock.*\.ya?ml|pixi\.lock)$/i;

/** The options of the command. */
export interface ILockfileOptions {
  commands: CommandRegistry;
  contents: Pick<Contents.IManager, 'localPath'>;
  files: IFilesApi;
  copies: Pick<Copies, 'follow'>;
  opener: Pick<Opener, 'kernelOf' | 'openNotebook'>;
  trans: TranslationBundle;
  /** Says which file is selected. */
  fileBrowsers: IFileBrowserFactory | null;
}

/** Add it. */
export function addLockfileCommand(options: ILockfileOptions): void {
  const { commands, contents, trans } = options;
  const selected = (args: ReadonlyPartialJSONObject) =>
    selectedFile(args, options.fileBrowsers);

  commands.addCommand(CommandIDs.launchFile, {
    label: trans.__('Launch on This Lockfile'),
    caption: trans.__(
      'Open a notebook on the environment of this lockfile, which is made first'
    ),
    icon: condaStoreIcon,
    describedBy: { args: FILE_ARGS },
    isVisible: args => LOCKFILES.test(basename(selected(args) ?? '')),
    execute: async args => {
      const path = selected(args);
      if (!path) {
        return;
      }
      const local = contents.localPath(path);
      const folder = path.slice(0, -basename(path).length - 1);
      await launch(options, { path: local }, folder);
    }
  });
}

/** Ask for consent where it lacks, make the environment, open a notebook on it. */
async function launch(
  options: ILockfileOptions,
  file: IFileRequest,
  folder: string
): Promise<void> {
  const { copies, files, opener, trans } = options;
  const name = basename(file.path);
  const making = trans.__('The environment of %1 is being made.', name);
  const id = Notification.emit(making, 'in-progress', { autoClose: false });
  try {
    const copy = await copies.follow(() => files.begin(file));
    Notification.dismiss(id);
    const kernel = await opener.kernelOf(copy);
    if (kernel) {
      await opener.openNotebook(kernel, folder);
    }
  } catch (error) {
    Notification.dismiss(id);
    if (!(error instanceof CondaStoreError)) {
      throw error;
    }
    if (error.code !== 'not_trusted' || file.trusted) {
      Notification.error(`${name}: ${error.message}`, { autoClose: false });
    } else if (await isTrusted(error.message, trans)) {
      await launch(options, { ...file, trusted: true }, folder);
    }
  }
}

/** Ask whether the code that a lockfile brings may run. */
async function isTrusted(
  message: string,
  trans: TranslationBundle
): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('Launch on this lockfile?'),
    body: textNode(message),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Trust and Launch') })
    ],
    defaultButton: 0
  });
  return button.accept;
}
