/** The commands of environments that are on this machine. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import type {
  IJob,
  IProvidedEnvironment,
  IProvidersApi
} from '../api/providers';
import { addCreateCommand } from '../commands/createvenv';
import { addMachineCommands } from '../commands/machine';
import { MachineTargets } from '../commands/machinetarget';
import type { Opener } from '../commands/opener';
import { addShareCommand } from '../commands/sharemachine';
import { CondaStoreError } from '../api/request';
import { ProvidersModel } from '../model/machine';
import { CommandIDs } from '../tokens';

const ROW: IProvidedEnvironment = {
  provider: 'machine',
  key: 'k',
  name: 'p',
  display_name: 'p (.venv, Python 3.12)',
  kind: 'venv',
  prefix: '/p/.venv',
  project: '/p',
  python: '3.12.1',
  problem: null,
  kernels: []
};

/** The commands with one environment listed; `selected` is what the file browser has selected. */
async function make(selected?: { path: string; type: string }) {
  const commands = new CommandRegistry();
  const did: unknown[] = [];
  const refusals: Error[] = [];
  const job: IJob = {
    id: 'j',
    provider: 'machine',
    folder: '/p',
    state: 'running',
    log: '',
    environment: null,
    error: null
  };
  const kernel = { name: 'machine-p', display_name: 'p', language: 'python' };
  const api: Partial<IProvidersApi> = {
    providers: async () => [
      { id: 'machine', title: '', creates: true, changes: true }
    ],
    environments: async () => ({ environments: [ROW], problem: null }),
    create: async (provider, wanted) => {
      did.push(['create', provider, wanted]);
      return job;
    },
    change: async (_, packages) => {
      did.push(['change', packages]);
      return job;
    },
    register: async () => {
      did.push('register');
      if (refusals.length) {
        throw refusals.pop()!;
      }
      return [kernel];
    },
    specification: async () => ({
      specification: 'name: p\n',
      conda: [],
      pip: [],
      left_out: ['mine']
    }),
    jobs: async () => [{ ...job, state: 'ready', environment: ROW }]
  };
  const model = new ProvidersModel(api as IProvidersApi, null, 1);
  await model.refresh('here');
  const app = {
    commands,
    serviceManager: {
      contents: {
        localPath: (path: string) => path,
        get: async () => ({ content: [] })
      },
      kernelspecs: { refreshSpecs: async () => did.push('specs') }
    }
  } as unknown as JupyterFrontEnd;
  const trans = nullTranslator.load('conda_store_labext');
  const targets = new MachineTargets({
    app,
    model,
    trans,
    trust: async ({ key }) => {
      did.push(['trust', key]);
    }
  });
  commands.addCommand(CommandIDs.newEnvironment, {
    describedBy: { args: {} },
    execute: args => did.push(args)
  });
  addShareCommand({
    commands,
    targets,
    api: api as IProvidersApi,
    trans,
    folderOf: row => model.folderOf(row)
  });
  addMachineCommands({
    app,
    model,
    targets,
    opener: {
      openNotebook: async ({ name }: { name: string }) => did.push(name)
    } as unknown as Opener,
    trans,
    activation: async () => '. /p/.venv/bin/activate',
    open: null
  });
  addCreateCommand({
    app,
    model,
    trans,
    fileBrowsers: {
      tracker: {
        currentWidget: {
          selectedItems: () => (selected ? [selected] : [])
        }
      }
    } as unknown as IFileBrowserFactory
  });
  return { commands, did, model, refusals };
}

const MENU = { isContextMenu: true };

describe('Create Environment', () => {
  afterEach(() => Notification.dismiss());

  it.each([
    [
      'work/p/requirements.txt',
      { folder: 'work/p', file: 'work/p/requirements.txt' }
    ],
    ['pyproject.toml', { folder: '', file: 'pyproject.toml' }],
    ['a/uv.lock', { folder: 'a', file: 'a/uv.lock' }]
  ])('makes one from %s beside it', async (path, wanted) => {
    const { commands, did } = await make({ path, type: 'file' });
    expect(commands.isVisible(CommandIDs.createVenv, MENU)).toBe(true);
    expect(commands.label(CommandIDs.createVenv, MENU)).toBe(
      'Create Environment from This File'
    );
    await commands.execute(CommandIDs.createVenv, MENU);
    expect(did).toEqual([['create', 'machine', wanted]]);
  });

  it('makes one in a folder that is selected, and in the current one', async () => {
    const { commands, did } = await make({ path: 'a/b', type: 'directory' });
    await commands.execute(CommandIDs.createVenv, MENU);
    await commands.execute(CommandIDs.createVenv, {});
    await commands.execute(CommandIDs.createVenv, { path: 'c' });
    expect(did).toEqual([
      ['create', 'machine', { folder: 'a/b' }],
      ['create', 'machine', { folder: 'here' }],
      ['create', 'machine', { folder: 'c' }]
    ]);
  });

  it('is not offered for other files', async () => {
    const { commands } = await make({ path: 'data.csv', type: 'file' });
    expect(commands.isVisible(CommandIDs.createVenv, MENU)).toBe(false);
  });

  it('tells when it is ready, with the way to a notebook', async () => {
    const { commands, did, model } = await make();
    const ended = new Promise(done => model.jobs.ended.connect(done));
    await commands.execute(CommandIDs.createVenv, {});
    await ended;
    const [notification] = Notification.manager.notifications;
    expect(notification.message).toBe('p (.venv, Python 3.12) is ready.');
    notification.options.actions?.[0].callback(new MouseEvent('click'));
    await new Promise(done => setTimeout(done, 20));
    expect(did.slice(1)).toEqual(['register', 'specs', 'machine-p']);
  });
});

describe('Of an environment that somebody else made', () => {
  const row = { provider: 'machine', key: 'k' };

  it.each([
    ['.jp-mod-accept', [['trust', 'k'], 'register', 'specs', 'machine-p']],
    ['.jp-mod-reject', []]
  ])('nothing runs before a yes (%s)', async (button, rest) => {
    const { commands, did, refusals } = await make();
    refusals.push(new CondaStoreError('not_trusted', 'p belongs to eve.'));
    const launched = commands.execute(CommandIDs.launchMachine, row);
    await new Promise(done => setTimeout(done, 20));
    const dialog = document.querySelector('.jp-Dialog')!;
    expect(dialog.textContent).toContain('p belongs to eve.');
    dialog.querySelector<HTMLElement>(button)!.click();
    await launched;
    expect(did).toEqual(['register', ...rest]);
  });
});

describe('Share through conda-store', () => {
  it('opens its specification with what was left out', async () => {
    const { commands, did } = await make();
    const row = { provider: 'machine', key: 'k' };
    expect(commands.isVisible(CommandIDs.shareMachine, row)).toBe(true);
    await commands.execute(CommandIDs.shareMachine, row);
    expect(did).toEqual([
      {
        draft: {
          text: 'name: p\n',
          saved: 'name: p\n',
          notes: ['Installed from files of this machine, and left out: mine.'],
          shared: { ...row, folder: 'here' }
        }
      }
    ]);
  });
});

describe('Add ipykernel', () => {
  it('adds it to the environment of the row', async () => {
    const { commands, did } = await make();
    const row = { provider: 'machine', key: 'k' };
    await commands.execute(CommandIDs.addKernelMachine, row);
    await commands.execute(CommandIDs.addKernelMachine, { ...row, key: 'x' });
    expect(did).toEqual([['change', { add: ['ipykernel'] }]]);
  });
});
