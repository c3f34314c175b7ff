/** The panel's list as a whole: its order, its keys, its head and foot. */

import { act, fireEvent, render, screen } from '@testing-library/react';
import React from 'react';
import { CommandIDs } from '../tokens';
import { Search } from '../widgets/panel/search';
import { UNREACHABLE, environment, localStore, press, status } from './fake';
import { Panel, focused, rowLabels } from './fake/panel';

// Thousands of rows take their time on a busy machine.
jest.setTimeout(60_000);

describe('The panel', () => {
  let panel: Panel;

  beforeEach(() => {
    panel = new Panel();
    panel.fill();
  });

  afterEach(() => panel.dispose());

  it('is walked with the keyboard, with one tab stop', async () => {
    await panel.show();
    const rows = screen.getAllByRole('treeitem');
    expect(rows.filter(row => row.tabIndex === 0)).toEqual([rows[0]]);
    act(() => rows[0].focus());
    await press('ArrowDown');
    expect(focused()).toBe('default/data, not downloaded');
    await press('End');
    expect(focused()).toBe('team/broken, build failed');
    await press('ArrowLeft');
    expect(focused()).toBe('team');
    await press('Home');
    await press('ArrowLeft');
    expect(screen.queryByRole('treeitem', { name: /^default\// })).toBeNull();
    await press('ArrowRight');
    await press('ArrowRight');
    expect(focused()).toBe('default/data, not downloaded');
    await press('Enter');
    await press('ArrowDown');
    await press('Delete');
    expect(panel.commands.executed.map(call => (call as unknown[])[0])).toEqual(
      [CommandIDs.launch, CommandIDs.remove]
    );
  });

  it('keeps the list when the server goes away, and runs what is here', async () => {
    await panel.show();
    panel.api.answer = status({ reachable: false, error: UNREACHABLE });
    panel.api.failures.environments = UNREACHABLE;
    await act(() => panel.model.refresh());
    expect(screen.getByText('Not connected')).toBeTruthy();
    expect(
      screen.getByRole('button', { name: 'Launch default/minimal' })
    ).toBeTruthy();
    expect(
      screen.queryByRole('button', { name: 'Launch default/data' })
    ).toBeNull();
  });

  it('says above the list that the token is not accepted', async () => {
    panel.api.answer = status({ authenticated: false });
    await panel.show();
    expect(screen.getByRole('alert').textContent).toMatch(/token/);
    expect(screen.getAllByRole('treeitem')).toHaveLength(5);
  });

  it('tells the server and the count', async () => {
    await panel.show();
    expect(screen.getByText('store.example')).toBeTruthy();
    expect(screen.getByText('3 environments')).toBeTruthy();
  });

  it('draws only the rows in sight, and knows the place of each', async () => {
    panel.api.namespaceList = [];
    panel.api.rows = Array.from({ length: 5000 }, (_, index) =>
      environment(`env-${index}`, { id: index })
    );
    await panel.show();
    const rows = screen.getAllByRole('treeitem');
    expect(rows.length).toBeLessThan(120);
    expect(rows[5].getAttribute('aria-posinset')).toBe('5');
    expect(rows[5].getAttribute('aria-setsize')).toBe('5000');
    act(() => rows[0].focus());
    await press('End');
    expect(document.activeElement?.getAttribute('aria-posinset')).toBe('5000');
    expect(screen.getAllByRole('treeitem').length).toBeLessThan(120);
  });

  it('puts favourites on top, and what was launched last in a long list', async () => {
    await panel.show();
    act(() => {
      panel.model.pins.favouriteNames = ['default/minimal', 'default/gone'];
      panel.model.pins.launched({ namespace: 'default', name: 'data' });
    });
    const names = () =>
      screen
        .getAllByRole('treeitem')
        .slice(0, 5)
        .map(row => row.getAttribute('aria-label'));
    expect(names().slice(0, 3)).toEqual([
      'Favourites',
      'default/minimal, ready',
      'default'
    ]);
    panel.api.rows.push(
      ...Array.from({ length: 20 }, (_, index) => environment(`z${index}`))
    );
    await act(() => panel.model.refresh());
    expect(names().slice(2, 5)).toEqual([
      'Recently used',
      'default/data, not downloaded',
      'default'
    ]);
  });

  it('shows what the settings let through', async () => {
    panel.api.rows.push(environment('works', { id: 4, namespace: 'team' }));
    await panel.show();
    await act(async () => {
      panel.model.filter = { namespaces: [], launchable: true, first: 'team' };
    });
    expect(rowLabels()).toEqual([
      'team',
      'team/works, not downloaded',
      'default',
      'default/data, not downloaded',
      'default/minimal, ready'
    ]);
    expect(screen.getByText(/3 environments · filtered by/)).toBeTruthy();
  });

  it('names the channel of a local store', async () => {
    panel.api.answer = status({
      local_store: localStore({
        state: 'running',
        url: status().url,
        channel: 'local'
      })
    });
    await panel.show();
    expect(screen.getByText('Local store (local channel)')).toBeTruthy();
  });

  it('clears the search with Escape', async () => {
    const props = { model: panel.model, commands: panel.commands };
    render(<Search {...props} />);
    const box = screen.getByRole('searchbox', { name: 'Search environments' });
    fireEvent.change(box, { target: { value: 'dat' } });
    expect(panel.model.search.text).toBe('dat');
    fireEvent.keyDown(box, { key: 'Escape' });
    expect(panel.model.search.text).toBe('');
  });
});
