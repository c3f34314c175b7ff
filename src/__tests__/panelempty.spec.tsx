/** The panel while it has no list to show. */

import { act, screen } from '@testing-library/react';
import { CommandIDs } from '../tokens';
import { click, environment, localStore, status, UNREACHABLE } from './fake';
import { Panel } from './fake/panel';

describe('The panel without a list', () => {
  let panel: Panel;

  beforeEach(() => {
    panel = new Panel();
  });

  afterEach(() => panel.dispose());

  it('is busy until the first answer', async () => {
    await panel.show(false);
    expect(screen.getByRole('status').getAttribute('aria-busy')).toBe('true');
    expect(screen.getByText('Loading environments…')).toBeTruthy();
  });

  it('says what to do when the server has no environments', async () => {
    await panel.show();
    expect(screen.getByText('No environments yet')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Look again' })).toBeTruthy();
  });

  it('says that a search has no hit, and clears it', async () => {
    panel.model.search.restore('nonesuch');
    await panel.show();
    expect(screen.getByText(/No environment matches “nonesuch”/)).toBeTruthy();
    await click(screen.getByRole('button', { name: 'Clear the search' }));
    expect(panel.model.search.text).toBe('');
  });

  it('shows the sentence of an error and asks again', async () => {
    panel.api.answer = status({ reachable: false, error: UNREACHABLE });
    await panel.show();
    expect(screen.getByRole('alert').textContent).toContain(
      UNREACHABLE.message
    );
    panel.api.answer = status();
    panel.api.rows = [environment('data')];
    await click(screen.getByRole('button', { name: 'Retry' }));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(
      screen.getByRole('treeitem', { name: /^default\/data/ })
    ).toBeTruthy();
  });

  it('offers a local store, and shows how its start gets on', async () => {
    panel.api.answer = status({ url: null });
    await panel.show();
    await click(screen.getByRole('button', { name: 'Start a local store' }));
    expect(panel.commands.executed).toEqual([[CommandIDs.startLocalStore, {}]]);
    act(() =>
      panel.model.server.apply(
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
    panel.api.answer = status({ url: null, local_store });
    await panel.show();
    expect(screen.getByText(message)).toBeTruthy();
    expect(screen.queryByText(/pip install/)).toBeNull();
  });

  it('tells how to get a local store where there is none', async () => {
    const local_store = localStore({ state: 'unavailable', message: '' });
    panel.api.answer = status({ url: null, local_store });
    await panel.show();
    expect(
      screen.getByText('pip install "conda-store-labext[local]"')
    ).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });
});
