/** The panel while it has no list to show. */

import { act, cleanup, render, screen } from '@testing-library/react';
import React from 'react';
import { EnvironmentsModel } from '../model';
import { CommandIDs } from '../tokens';
import { Body } from '../widgets/panel/body';
import {
  FakeApi,
  FakeCommands,
  UNREACHABLE,
  click,
  environment,
  localStore,
  status
} from './fake';

describe('The panel without a list', () => {
  let api: FakeApi;
  let model: EnvironmentsModel;
  let commands: FakeCommands;

  beforeEach(() => {
    api = new FakeApi();
    api.pageSize = 50;
    model = new EnvironmentsModel({ api });
    commands = new FakeCommands();
  });

  afterEach(() => {
    cleanup();
    model.dispose();
  });

  const show = async (refresh = true) => {
    render(<Body model={model} commands={commands} />);
    if (refresh) {
      await act(() => model.refresh());
    }
  };

  it('is busy until the first answer', async () => {
    await show(false);
    expect(screen.getByRole('status').getAttribute('aria-busy')).toBe('true');
    expect(screen.getByText('Loading environments…')).toBeTruthy();
  });

  it('says what to do when the server has no environments', async () => {
    await show();
    expect(screen.getByText('No environments yet')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Look again' })).toBeTruthy();
  });

  it('says that a search has no hit, and clears it', async () => {
    model.search.restore('nonesuch');
    await show();
    expect(screen.getByText(/No environment matches “nonesuch”/)).toBeTruthy();
    await click(screen.getByRole('button', { name: 'Clear the search' }));
    expect(model.search.text).toBe('');
  });

  it('shows the sentence of an error and asks again', async () => {
    api.answer = status({ reachable: false, error: UNREACHABLE });
    await show();
    expect(screen.getByRole('alert').textContent).toContain(
      UNREACHABLE.message
    );
    api.answer = status();
    api.rows = [environment('data')];
    await click(screen.getByRole('button', { name: 'Retry' }));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(
      screen.getByRole('treeitem', { name: /^default\/data/ })
    ).toBeTruthy();
  });

  it('offers a local store, and shows how its start gets on', async () => {
    api.answer = status({ url: null });
    await show();
    await click(screen.getByRole('button', { name: 'Start a local store' }));
    expect(commands.executed).toEqual([[CommandIDs.startLocalStore, {}]]);
    act(() =>
      model.server.apply(
        localStore({
          state: 'starting',
          message: 'Installing the server.',
          progress: 0.25
        })
      )
    );
    expect(screen.getByText('Installing the server.')).toBeTruthy();
    const bar = screen.getByRole('progressbar');
    expect(bar.getAttribute('aria-valuenow')).toBe('25');
  });

  it('says why a local store cannot run, without a way that leads nowhere', async () => {
    const message = 'The local store runs on Linux and macOS alone.';
    const local_store = localStore({ state: 'unavailable', message });
    api.answer = status({ url: null, local_store });
    await show();
    expect(screen.getByText(message)).toBeTruthy();
    expect(screen.queryByText(/pip install/)).toBeNull();
  });

  it('tells how to get a local store where there is none', async () => {
    const local_store = localStore({ state: 'unavailable', message: '' });
    api.answer = status({ url: null, local_store });
    await show();
    expect(
      screen.getByText('pip install "conda-store-labext[local]"')
    ).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });
});
