/** The command that makes an environment on this machine, from the files of a folder. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog, Notification } from '@jupyterlab/apputils';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { ICreateRequest } from '../api/providers';
import { attempt } from '../api/request';
import { condaStoreIcon } from '../icons';
import type { ProvidersModel } from '../model/machine';
import { CommandIDs } from '../tokens';
import { Dialogs } from './dialogs';

/** The options of the command. */
export interface ICreateCommandOptions {
  app: JupyterFrontEnd;
  model: ProvidersModel;
  trans: TranslationBundle;
  fileBrowsers: IFileBrowserFactory | null;
}

/** The provider that makes virtual environments. */
const MACHINE = 'machine';

/** The files from which an environment is made, by their names. */
const FILES =
  /^(.*requirements.*\.(txt|in)|pyproject\.toml|pylock\.toml|uv\.lock)$/i;

const PATH_ARGS = {
  type: 'object',
  properties: {
    path: {
      type: 'string',
      description:
        'The folder, or the file in it; what is selected if there is none.'
    }
  }
};

/** Add it. */
export function addCreateCommand(options: ICreateCommandOptions): void {
  const { app, model, trans, fileBrowsers } = options;
  const { commands, serviceManager } = app;
  const dialogs = new Dialogs(trans);

  /** The folder and the file that are meant; null for what none is made from. */
  const chosen = (
    args: ReadonlyPartialJSONObject
  ): { folder: string; file?: string } | null => {
    if (typeof args.path === 'string') {
      return placeOf(args.path) ?? { folder: args.path };
    }
    if (!args.isContextMenu) {
      return { folder: model.folder };
    }
    const browser = fileBrowsers?.tracker.currentWidget;
    const [item] = browser ? [...browser.selectedItems()] : [];
    const path = item && serviceManager.contents.localPath(item.path);
    if (!path) {
      return null;
    }
    return (
      placeOf(path) ?? (item.type === 'directory' ? { folder: path } : null)
    );
  };

  /** Ask which of the folder's files says what is installed, where there is any; null when nobody chose. */
  const withFile = async (
    folder: string
  ): Promise<Pick<ICreateRequest, 'folder' | 'file'> | null> => {
    const { content } = await serviceManager.contents.get(folder);
    const names = (content as { name: string; type: string }[])
      .filter(({ name, type }) => type !== 'directory' && FILES.test(name))
      .map(({ name }) => name)
      .sort();
    if (!names.length) {
      return { folder };
    }
    const none = trans.__('Python and ipykernel alone');
    const { button, value } = await InputDialog.getItem({
      title: trans.__('Create Environment'),
      label: trans.__('What is installed in it'),
      items: [...names, none],
      okLabel: trans.__('Create')
    });
    if (!button.accept) {
      return null;
    }
    return value && value !== none
      ? { folder, file: folder ? `${folder}/${value}` : value }
      : { folder };
  };

  commands.addCommand(CommandIDs.createVenv, {
    label: args =>
      chosen(args)?.file
        ? trans.__('Create Environment from This File')
        : trans.__('Create Environment Here…'),
    caption: trans.__(
      'Make a virtual environment (.venv) with ipykernel, and with what the file asks for'
    ),
    icon: args => (args.isPalette ? undefined : condaStoreIcon),
    describedBy: { args: PATH_ARGS },
    isVisible: args => chosen(args) !== null,
    execute: async args => {
      const place = chosen(args);
      if (place) {
        await attempt(
          dialogs.inDialog(trans.__('No environment was made')),
          async () => {
            const wanted = place.file ? place : await withFile(place.folder);
            if (wanted) {
              await model.create(MACHINE, wanted);
            }
          }
        );
      }
    }
  });

  model.jobs.ended.connect((_, { id, environment, error }) => {
    if (model.jobs.isClaimed(id)) {
      return;
    }
    if (environment) {
      const { display_name, provider, key } = environment;
      Notification.success(trans.__('%1 is ready.', display_name), {
        autoClose: false,
        actions: [
          {
            label: trans.__('New Notebook'),
            callback: () =>
              void commands.execute(CommandIDs.launchMachine, { provider, key })
          }
        ]
      });
    } else if (error) {
      Notification.error(error.message, { autoClose: false });
    }
  });
}

/** The folder and the file of a path; null for a file from which none is made. */
function placeOf(path: string): { folder: string; file: string } | null {
  const at = path.lastIndexOf('/');
  return FILES.test(path.slice(at + 1))
    ? { folder: path.slice(0, Math.max(at, 0)), file: path }
    : null;
}
