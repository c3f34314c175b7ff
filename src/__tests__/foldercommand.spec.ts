/** The command that says what new notebooks of a folder start on. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { addFolderCommand } from '../commands/folder';
import { DEFAULT_SETTINGS } from '../model/settings';
import { CommandIDs } from '../tokens';

const DATA = { namespace: 'default', environment: 'data' };

/** The command, in a folder, with what is saved; `row` is under the context menu. */
function make(current: string | null, row?: Record<string, string>) {
  const commands = new CommandRegistry();
  const saved = { folders: {} as Record<string, string>, file: '' };
  const node = document.createElement('div');
  Object.assign(node.dataset, row);
  addFolderCommand({
    app: {
      commands,
      contextMenuHitTest: () => (row ? node : undefined)
    } as unknown as JupyterFrontEnd,
    trans: nullTranslator.load('conda_store_labext'),
    settings: () => ({ ...DEFAULT_SETTINGS, folders: saved.folders }),
    folder: {
      current: () => current,
      file: async () => saved.file || null,
      save: async folders => {
        saved.folders = folders;
      }
    }
  });
  const run = (args = {}) => commands.execute(CommandIDs.useInFolder, args);
  return { commands, run, saved };
}

const messages = () =>
  Notification.manager.notifications.map(({ message }) => message);

afterEach(() => Notification.dismiss());

describe('Use for New Notebooks in This Folder', () => {
  it('sets the setting of the folder, and takes it away again', async () => {
    const { commands, run, saved } = make('projects/x');
    saved.folders = { '': 'default/top' };
    const toggled = () => commands.isToggled(CommandIDs.useInFolder, DATA);
    await run(DATA);
    expect(saved.folders).toEqual({
      '': 'default/top',
      'projects/x': 'default/data'
    });
    expect(toggled()).toBe(true);
    await run(DATA);
    expect(saved.folders).toEqual({ '': 'default/top' });
    expect(toggled()).toBe(false);
    expect(messages()).toHaveLength(2);
  });

  it('follows the active build from an environment’s row, and names the one of a build’s', async () => {
    const row = { ...DATA, build: '7' };
    for (const [kind, text] of [
      ['environment', 'default/data'],
      ['build', 'default/data:7']
    ]) {
      const { run, saved } = make('', { ...row, kind });
      await run();
      expect(saved.folders).toEqual({ '': text });
    }
  });

  it('says so when a file goes before it', async () => {
    const { run, saved } = make('');
    saved.file = '.conda-store.yml';
    await run(DATA);
    expect(messages().join(' ')).toContain(
      '.conda-store.yml says what they start'
    );
  });

  it('is not there without a file browser', async () => {
    const { commands, run, saved } = make(null);
    expect(commands.isVisible(CommandIDs.useInFolder, DATA)).toBe(false);
    await run(DATA);
    expect(saved.folders).toEqual({});
  });
});
