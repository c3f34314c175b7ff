import { UseSignal } from '@jupyterlab/ui-components';
import {
  act,
  cleanup,
  fireEvent,
  render,
  screen
} from '@testing-library/react';
import React from 'react';
import type { IProvidedEnvironment } from '../api/providers';
import { MachinePageModel, ProvidersModel } from '../model/machine';
import { CommandIDs } from '../tokens';
import { MachinePageView } from '../widgets/machine/view';
import { FakeCommands } from './fake';
import { FakeProviders, environment } from './fake/providers';

describe('The page of an environment', () => {
  let api: FakeProviders;
  let providers: ProvidersModel;
  let page: MachinePageModel;

  const show = async (row: IProvidedEnvironment) => {
    api = new FakeProviders();
    api.found.machine = [row];
    api.installed = [
      {
        name: 'six',
        version: '1.16.0',
        build: '',
        channel: '',
        summary: '',
        size: null,
        manager: 'pip'
      }
    ];
    providers = new ProvidersModel(api, null, 1);
    await providers.refresh();
    page = new MachinePageModel({
      api,
      providers,
      provider: 'machine',
      key: row.key
    });
    const commands = new FakeCommands();
    render(
      <UseSignal signal={page.stateChanged}>
        {() => <MachinePageView model={page} commands={commands} />}
      </UseSignal>
    );
    await screen.findByText('1.16.0');
    return commands;
  };
  const click = (name: string) =>
    act(async () => {
      fireEvent.click(screen.getByRole('button', { name }));
    });

  afterEach(() => {
    cleanup();
    page.dispose();
    providers.dispose();
  });

  it('shows what a change would do before it is made', async () => {
    await show(environment('analysis'));
    await click('Upgrade six');
    expect(await screen.findByText('1 upgraded')).toBeTruthy();
    expect(api.asked.some(asked => String(asked).includes('change'))).toBe(
      false
    );
    await click('Change the environment');
    expect(api.asked).toContainEqual([
      'change',
      'analysis',
      { upgrade: ['six'] }
    ]);
    expect(screen.queryByText('1 upgraded')).toBeNull();
  });

  it('adds what is written, and takes nothing back that was cancelled', async () => {
    await show(environment('analysis'));
    const field = screen.getByRole('textbox', { name: 'Add packages' });
    fireEvent.change(field, { target: { value: ' pandas  numpy>=2 ' } });
    await click('Add…');
    expect(api.asked).toContainEqual([
      'preview',
      'analysis',
      { add: ['pandas', 'numpy>=2'] }
    ]);
    await click('Cancel');
    expect(screen.queryByText('1 upgraded')).toBeNull();
  });

  it('lists conda’s packages without changing them', async () => {
    await show(environment('analysis', { kind: 'conda' }));
    expect(screen.queryByRole('button', { name: 'Upgrade six' })).toBeNull();
  });

  it('shows the packages that are searched for, and says how many there are', async () => {
    await show(environment('analysis'));
    const box = screen.getByRole('searchbox', { name: 'Search packages' });
    fireEvent.change(box, { target: { value: 'numpy' } });
    expect(screen.queryByText('1.16.0')).toBeNull();
    fireEvent.change(box, { target: { value: 'si' } });
    expect(screen.getByText('1.16.0')).toBeTruthy();
    expect(screen.getByText('1 package')).toBeTruthy();
  });

  it('offers to make it anew when its Python is gone', async () => {
    const problem = { code: 'python_gone', message: 'Its Python is gone.' };
    const commands = await show(environment('analysis', { problem }));
    await click('Recreate');
    expect(commands.executed).toEqual([
      [CommandIDs.recreateMachine, { provider: 'machine', key: 'analysis' }]
    ]);
  });
});
