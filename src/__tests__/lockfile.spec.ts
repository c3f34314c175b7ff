import { Dialog, Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import type { IFileRequest } from '../api/files';
import { CondaStoreError } from '../api/request';
import { addLockfileCommand } from '../commands/lockfile';
import { Copies } from '../model/copies';
import { CommandIDs } from '../tokens';
import { FakeApi, localCopy } from './fake';

const MADE = localCopy({ namespace: 'files', environment: 'project' });

/** The command, with what the server answers to each request in turn. */
function make(answers: (CondaStoreError | typeof MADE)[]) {
  const commands = new CommandRegistry();
  const asked: IFileRequest[] = [];
  const opened: unknown[] = [];
  addLockfileCommand({
    commands,
    contents: { localPath: path => path.replace(/^Drive:/, '') },
    files: {
      begin: async file => {
        asked.push(file);
        const answer = answers.shift()!;
        if (answer instanceof CondaStoreError) {
          throw answer;
        }
        return answer;
      }
    },
    copies: new Copies(new FakeApi(), () => undefined),
    opener: {
      kernelOf: async copy => copy.kernels[0],
      openNotebook: async (kernel, folder) => {
        opened.push([kernel.name, folder]);
        return undefined;
      }
    },
    trans: nullTranslator.load('conda_store_labext'),
    fileBrowsers: null
  });
  const launch = (path: string) =>
    commands.execute(CommandIDs.launchFile, { path });
  return { commands, asked, opened, launch };
}

const DOUBT = new CondaStoreError(
  'not_trusted',
  'pixi.lock brings <b>3</b> packages from a.example; say that you trust it.'
);

/** Press a button of the dialog that is shown, and return the text that was in it. */
async function answer(label: string): Promise<string> {
  while (!document.querySelector('.jp-Dialog-button')) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  const dialog = document.querySelector('.jp-Dialog-content')!;
  const text = dialog.textContent ?? '';
  const buttons = [
    ...dialog.querySelectorAll<HTMLElement>('.jp-Dialog-button')
  ];
  buttons.find(button => button.textContent === label)!.click();
  return text;
}

const errors = () =>
  Notification.manager.notifications.filter(({ type }) => type === 'error');

afterEach(() => {
  Dialog.flush();
  Notification.dismiss();
});

describe('the command on a lockfile', () => {
  it('is there for lockfiles alone', () => {
    const { commands } = make([]);
    const visible = (path: string) =>
      commands.isVisible(CommandIDs.launchFile, { path });
    for (const path of ['a/pixi.lock', 'conda-lock.yml', 'x.conda-lock.yaml']) {
      expect(visible(path)).toBe(true);
    }
    for (const path of [
      'environment.yml',
      'pixi.lock.ipynb',
      'pixi.toml',
      ''
    ]) {
      expect(visible(path)).toBe(false);
    }
  });

  it('opens a notebook beside the file once the environment is there', async () => {
    const { asked, opened, launch } = make([MADE]);
    await launch('Drive:project/pixi.lock');
    expect(asked).toEqual([{ path: 'project/pixi.lock' }]);
    expect(opened).toEqual([[MADE.kernels[0].name, 'Drive:project']]);
    expect(errors()).toEqual([]);
  });

  it('asks for trust, as text, and goes on with it', async () => {
    const { asked, opened, launch } = make([DOUBT, MADE]);
    const launched = launch('pixi.lock');
    expect(await answer('Trust and Launch')).toContain('brings <b>3</b>');
    await launched;
    expect(asked).toEqual([
      { path: 'pixi.lock' },
      { path: 'pixi.lock', trusted: true }
    ]);
    expect(opened).toHaveLength(1);
  });

  it('does nothing without trust', async () => {
    const { asked, opened, launch } = make([DOUBT]);
    const launched = launch('pixi.lock');
    await answer('Cancel');
    await launched;
    expect(asked).toHaveLength(1);
    expect(opened).toEqual([]);
    expect(errors()).toEqual([]);
  });

  it('says why it could not', async () => {
    const why = new CondaStoreError('invalid_request', 'It is in format 99.');
    const { opened, launch } = make([why]);
    await launch('pixi.lock');
    expect(opened).toEqual([]);
    expect(errors().map(({ message }) => message)).toEqual([
      'pixi.lock: It is in format 99.'
    ]);
  });
});
