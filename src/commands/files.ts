/** The commands that make an environment from a file. */

import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { fileUploadIcon } from '@jupyterlab/ui-components';
import { FilesApi } from '../api/files';
import { attempt } from '../api/request';
import { messagesFrom } from '../api/routes';
import { condaStoreIcon } from '../icons';
import { CommandIDs } from '../tokens';
import { Dialogs } from './dialogs';
import { addLockfileCommand } from './lockfile';
import type { IEditorCommandsOptions } from './options';
import { FILE_ARGS, NO_ARGS } from './options';
import { basename, selectedFile } from './selection';

/** The files that a specification can be made from, by their names. */
const FILES =
  /^(.*env.*\.ya?ml|.*conda-lock.*\.ya?ml|.*requirement.*\.(txt|in)|(conda|pip|spec|package).*\.txt)$/i;

/** The file types that the browser lets people choose. */
const ACCEPTED = '.yml,.yaml,.txt,.in,.json';

/** Add them. */
export function addFileCommands(options: IEditorCommandsOptions): void {
  const { app, api, trans, open } = options;
  const dialogs = new Dialogs(trans);
  const { commands, serviceManager } = app;

  addLockfileCommand({
    commands,
    contents: serviceManager.contents,
    files: new FilesApi(serviceManager.serverSettings, messagesFrom(trans)),
    copies: options.model.copies,
    opener: options.opener,
    trans,
    fileBrowsers: options.fileBrowsers
  });

  // As bytes: the server knows by their mark in which encoding they are.
  const convert = async (filename: string, base64: string) => {
    const { name, specification, is_lockfile, notes } = await api.convert(
      filename,
      base64
    );
    const saved = specification;
    open({ text: specification, saved, is_lockfile, name, notes });
  };

  commands.addCommand(CommandIDs.importEnvironment, {
    label: trans.__('Import Environment…'),
    caption: trans.__(
      'Make an environment from an environment.yml, conda-lock.yml or requirements.txt of this computer'
    ),
    icon: args => (args.isPalette ? undefined : fileUploadIcon),
    describedBy: { args: NO_ARGS },
    execute: async () => {
      const file = await chooseFile();
      if (file) {
        const title = trans.__('%1 was not imported', file.name);
        await attempt(dialogs.inDialog(title), async () =>
          convert(file.name, toBase64(await file.arrayBuffer()))
        );
      }
    }
  });

  const selected = (args: ReadonlyPartialJSONObject) =>
    selectedFile(args, options.fileBrowsers);

  commands.addCommand(CommandIDs.buildFile, {
    label: trans.__('Build in conda-store…'),
    caption: trans.__('Make an environment from this file'),
    icon: condaStoreIcon,
    describedBy: { args: FILE_ARGS },
    isVisible: args => FILES.test(basename(selected(args) ?? '')),
    execute: async args => {
      const path = selected(args);
      if (!path) {
        return;
      }
      const title = trans.__('%1 cannot be built', basename(path));
      await attempt(dialogs.inDialog(title), async () => {
        const { contents } = app.serviceManager;
        const file = await contents.get(path, {
          type: 'file',
          format: 'base64',
          content: true
        });
        await convert(basename(path), file.content);
      });
    }
  });
}

/** Let somebody choose a file of the own computer; null when nobody did. */
function chooseFile(): Promise<File | null> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = ACCEPTED;
  return new Promise(resolve => {
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

/** The bytes of a file as base64. */
function toBase64(bytes: ArrayBuffer): string {
  const letters = Array.from(new Uint8Array(bytes), byte =>
    String.fromCharCode(byte)
  );
  return btoa(letters.join(''));
}
