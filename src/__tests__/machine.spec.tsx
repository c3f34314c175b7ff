import {
  act,
  cleanup,
  fireEvent,
  render,
  screen
} from '@testing-library/react';
import React from 'react';
import type { IJob } from '../api/providers';
import { CondaStoreError } from '../api/request';
import { ProvidersModel } from '../model/machine';
import { CommandIDs } from '../tokens';
import { Sections } from '../widgets/machine/section';
import { FakeCommands } from './fake';
import { FakeProviders, environment, job, provider } from './fake/providers';

describe('The environments of this machine', () => {
  let api: FakeProviders;
  let model: ProvidersModel;
  let commands: FakeCommands;

  beforeEach(() => {
    api = new FakeProviders();
    model = new ProvidersModel(api, null, 1);
    commands = new FakeCommands();
  });

  afterEach(() => {
    cleanup();
    model.dispose();
  });

  const show = async (folder = '') => {
    render(<Sections model={model} commands={commands} />);
    await act(() => model.refresh(folder));
  };
  const button = (name: string) => screen.getByRole('button', { name });

  it('are listed for the folder, and launched by their button', async () => {
    api.found.machine = [environment('analysis')];
    await show('work/analysis');
    expect(api.asked).toEqual([['list', 'machine', 'work/analysis']]);
    expect(
      screen.getByRole('region', { name: 'On this machine' })
    ).toBeTruthy();
    fireEvent.click(button('New notebook on analysis (.venv, Python 3.12)'));
    expect(commands.executed).toEqual([
      [CommandIDs.launchMachine, { provider: 'machine', key: 'analysis' }]
    ]);
  });

  it('say what keeps them from being launched, and offer what helps', async () => {
    const message = 'It has no kernel; add ipykernel to it.';
    api.found.machine = [
      environment('bare', { problem: { code: 'no_kernel', message } }),
      environment('old', {
        problem: { code: 'python_gone', message: 'Its Python is gone.' }
      })
    ];
    await show();
    expect(screen.getByText(/It has no kernel/)).toBeTruthy();
    expect(screen.getByText(/Its Python is gone/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /New notebook/ })).toBeNull();
    fireEvent.click(button('Add ipykernel'));
    expect(commands.executed).toEqual([
      [CommandIDs.addKernelMachine, { provider: 'machine', key: 'bare' }]
    ]);
  });

  it('tell what to do when there are none', async () => {
    await show();
    expect(screen.getByText(/Create one with \+/)).toBeTruthy();
    fireEvent.click(button('Create an environment in the current folder'));
    expect(commands.executed).toEqual([[CommandIDs.createVenv, {}]]);
  });

  it('are made with the log in sight, and told of once', async () => {
    await show();
    const ended: IJob[] = [];
    model.jobs.ended.connect((_, job) => ended.push(job));
    await act(() => model.create('machine', { folder: 'p' }));
    expect(screen.getByText('+ six==1.17.0')).toBeTruthy();
    api.found.machine = [environment('p')];
    api.running = [job('ready', { environment: environment('p') })];
    await screen.findByText('p (.venv, Python 3.12)');
    expect(ended).toHaveLength(1);
    expect(screen.queryByText('Installing packages…')).toBeNull();
  });

  it('say why one was not made until that is dismissed', async () => {
    await show();
    await act(() => model.create('machine', { folder: 'p' }));
    const error = { code: 'install_failed', message: 'There is no six 0.' };
    api.running = [job('failed', { error })];
    await screen.findByText('There is no six 0.');
    expect(screen.getByText('Log')).toBeTruthy();
    fireEvent.click(button('Dismiss'));
    expect(screen.queryByText('There is no six 0.')).toBeNull();
  });

  it('stop being made when somebody cancels', async () => {
    await show();
    await act(() => model.create('machine', { folder: 'p' }));
    await act(async () => {
      fireEvent.click(button('Cancel'));
    });
    expect(screen.queryByText('Installing packages…')).toBeNull();
  });

  it('have a section for each provider, one that fails by itself', async () => {
    api.listed.push(provider('toy', 'Toys'), provider('broken'));
    api.found.toy = [environment('bear', { provider: 'toy' })];
    await show();
    expect(screen.getByRole('region', { name: 'Toys' })).toBeTruthy();
    expect(screen.getByText('It is broken.')).toBeTruthy();
    expect(screen.queryByRole('region', { name: 'conda-store' })).toBeNull();
  });

  it('can be asked for again when the Jupyter server did not answer', async () => {
    api.failure = new CondaStoreError('jupyter_unreachable', 'It is away.');
    await show();
    expect(screen.getByText('It is away.')).toBeTruthy();
    api.failure = null;
    await act(async () => {
      fireEvent.click(button('Look again'));
    });
    expect(screen.queryByText('It is away.')).toBeNull();
  });

  it('stay known while another folder is looked at, and after a reload', async () => {
    api.found.machine = [environment('a')];
    await show('a');
    api.found.machine = [];
    await act(() => model.refresh('b'));
    const row = model.find('machine', 'a')!;
    expect(row.name).toBe('a');
    expect(model.folderOf(row)).toBe('a');
    await act(() => model.refresh('a'));
    expect(model.find('machine', 'a')).toBeNull();
    api.found.machine = [environment('a')];
    const found = await act(() => model.look('machine', 'a', 'a'));
    expect(found?.name).toBe('a');
  });

  it('have all their actions in a menu', async () => {
    api.found.machine = [environment('a')];
    await show();
    const opened: Element[] = [];
    document.addEventListener(
      'contextmenu',
      event =>
        opened.push((event.target as Element).closest('[data-key="a"]')!),
      { once: true }
    );
    fireEvent.click(button('More actions for a (.venv, Python 3.12)'));
    expect(opened[0].className).toBe('jp-CondaStore-machineRow');
  });

  it('are found by their key, and go when they are removed', async () => {
    api.found.machine = [environment('a')];
    await show();
    const row = model.find('machine', 'a')!;
    await act(async () => {
      await model.register(row, 'Mine');
    });
    expect(screen.getByText('Kernel: Mine')).toBeTruthy();
    await act(() => model.remove(row));
    expect(model.find('machine', 'a')).toBeNull();
  });
});
