import {
  act,
  cleanup,
  fireEvent,
  render,
  screen
} from '@testing-library/react';
import React from 'react';
import { EnvironmentsModel } from '../model';
import type { IBuildDetail } from '../tokens';
import { CommandIDs } from '../tokens';
import { Body } from '../widgets/panel/body';
import { Search } from '../widgets/panel/search';
import {
  FakeApi,
  FakeCommands,
  UNREACHABLE,
  build,
  click,
  detail,
  environment,
  localStore,
  localCopy,
  press,
  status
} from './fake';

// Thousands of rows take their time on a busy machine.
jest.setTimeout(60_000);

describe('The panel', () => {
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
  const focused = () => document.activeElement?.getAttribute('aria-label');

  describe('with a list', () => {
    beforeEach(() => {
      api.rows = [
        environment('data', { id: 2, current_build_id: 2 }),
        environment('minimal'),
        environment('broken', {
          id: 3,
          namespace: 'team',
          current_build_id: 3,
          status: 'FAILED',
          launchable: false
        })
      ];
      api.details[3] = { reason: 'nothing provides <b>nonesuch</b>' };
      api.copies = [localCopy({ environment: 'minimal' })];
    });

    it('names every row by namespace, name and state', async () => {
      await show();
      const names = screen
        .getAllByRole('treeitem')
        .map(row => row.getAttribute('aria-label'));
      expect(names).toEqual([
        'default',
        'default/data, not downloaded',
        'default/minimal, ready',
        'team',
        'team/broken, build failed'
      ]);
    });

    it('keeps the line of a reason free until it comes', async () => {
      let answer: (build: IBuildDetail) => void = () => undefined;
      jest.spyOn(api, 'build').mockReturnValue(
        new Promise(resolve => {
          answer = resolve;
        })
      );
      await show();
      const row = screen.getByRole('treeitem', { name: /^team\/broken/ });
      const lines = () =>
        [...row.querySelectorAll('.jp-CondaStore-reason')].map(
          line => line.textContent
        );
      expect(lines()).toEqual(['\u00a0']);
      const reason = 'No such package.';
      await act(async () =>
        answer({ ...detail(build(3, { status: 'FAILED' })), reason })
      );
      expect(lines()).toEqual([reason]);
    });

    it('says in the row why a build failed, as text', async () => {
      await show();
      const reason = screen.getByText('nothing provides <b>nonesuch</b>');
      expect(reason.querySelector('b')).toBeNull();
      expect(
        screen.queryByRole('button', { name: 'Launch team/broken' })
      ).toBeNull();
    });

    it('says once in the row which script activates badly, as text, and launches it', async () => {
      const message = 'broken.sh of <b>default/minimal</b> ended the shell.';
      await show();
      act(() =>
        model.copies.apply(
          localCopy({
            environment: 'minimal',
            build_id: 1,
            state: 'ready',
            error: { code: 'activation', message }
          })
        )
      );
      const reason = screen.getByText(message);
      expect(reason.querySelector('b')).toBeNull();
      await click(
        screen.getByRole('button', { name: 'Launch default/minimal' })
      );
      expect(commands.executed).toHaveLength(1);
      // the next answer of the server does not say it any more
      act(() =>
        model.copies.apply(
          localCopy({
            environment: 'minimal',
            build_id: 1,
            state: 'ready',
            error: null
          })
        )
      );
      expect(screen.queryByText(message)).toBeNull();
    });

    it('launches the active build, or the one that is ready', async () => {
      await show();
      await click(screen.getByRole('button', { name: 'Launch default/data' }));
      await click(
        screen.getByRole('button', { name: 'Launch default/minimal' })
      );
      expect(commands.executed).toEqual([
        [
          CommandIDs.launch,
          { namespace: 'default', environment: 'data', build_id: null }
        ],
        [
          CommandIDs.launch,
          { namespace: 'default', environment: 'minimal', build_id: 1 }
        ]
      ]);
    });

    it('shows the progress of a download and cancels it', async () => {
      await show();
      act(() =>
        model.copies.apply(
          localCopy({
            key: 'abcdef01-2',
            build_id: 2,
            state: 'running',
            step: 'extract',
            bytes_done: 42,
            bytes_total: 100
          })
        )
      );
      expect(
        screen.getByRole('treeitem', { name: 'default/data, downloading 42 %' })
      ).toBeTruthy();
      expect(
        screen.getByRole('progressbar').getAttribute('aria-valuenow')
      ).toBe('42');
      expect(
        screen.queryByRole('button', { name: 'Launch default/data' })
      ).toBeNull();
      await click(screen.getByRole('button', { name: 'Cancel default/data' }));
      expect(commands.executed).toEqual([
        [
          CommandIDs.cancel,
          { namespace: 'default', environment: 'data', build_id: 2 }
        ]
      ]);
    });

    it('unfolds builds, each of which can be launched', async () => {
      api.buildRows = [build(2), build(1, { status: 'FAILED' })];
      await show();
      await click(screen.getByRole('treeitem', { name: /^default\/data/ }));
      const rows = screen.getAllByRole('treeitem', { name: /^Build/ });
      expect(rows.map(row => row.getAttribute('aria-label'))).toEqual([
        'Build 2, active, completed, not downloaded',
        'Build 1, failed'
      ]);
      await click(
        screen.getByRole('button', { name: 'Launch build 2 of default/data' })
      );
      expect(commands.executed).toEqual([
        [
          CommandIDs.launch,
          { namespace: 'default', environment: 'data', build_id: 2 }
        ]
      ]);
    });

    it('is walked with the keyboard, with one tab stop', async () => {
      await show();
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
      expect(commands.executed.map(call => (call as unknown[])[0])).toEqual([
        CommandIDs.launch,
        CommandIDs.remove
      ]);
    });

    it('lets Enter on a button press that button only', async () => {
      await show();
      const button = screen.getByRole('button', {
        name: 'Open a console on default/data'
      });
      act(() => button.focus());
      await press('Enter');
      expect(commands.executed).toEqual([]);
    });

    it('keeps the list when the server goes away, and runs what is here', async () => {
      await show();
      api.answer = status({ reachable: false, error: UNREACHABLE });
      api.failures.environments = UNREACHABLE;
      await act(() => model.refresh());
      expect(screen.getByText('Not connected')).toBeTruthy();
      expect(
        screen.getByRole('button', { name: 'Launch default/minimal' })
      ).toBeTruthy();
      expect(
        screen.queryByRole('button', { name: 'Launch default/data' })
      ).toBeNull();
    });

    it('says above the list that the token is not accepted', async () => {
      api.answer = status({ authenticated: false });
      await show();
      expect(screen.getByRole('alert').textContent).toMatch(/token/);
      expect(screen.getAllByRole('treeitem')).toHaveLength(5);
    });

    it('tells the server and the count', async () => {
      await show();
      expect(screen.getByText('store.example')).toBeTruthy();
      expect(screen.getByText('3 environments')).toBeTruthy();
    });

    it('draws only the rows in sight, and knows the place of each', async () => {
      api.namespaceList = [];
      api.rows = Array.from({ length: 5000 }, (_, index) =>
        environment(`env-${index}`, { id: index })
      );
      await show();
      const rows = screen.getAllByRole('treeitem');
      expect(rows.length).toBeLessThan(120);
      expect(rows[5].getAttribute('aria-posinset')).toBe('5');
      expect(rows[5].getAttribute('aria-setsize')).toBe('5000');
      act(() => rows[0].focus());
      await press('End');
      expect(document.activeElement?.getAttribute('aria-posinset')).toBe(
        '5000'
      );
      expect(screen.getAllByRole('treeitem').length).toBeLessThan(120);
    });

    it('puts favourites on top, and what was launched last in a long list', async () => {
      await show();
      act(() => {
        model.pins.favouriteNames = ['default/minimal', 'default/gone'];
        model.pins.launched({ namespace: 'default', name: 'data' });
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
      api.rows.push(
        ...Array.from({ length: 20 }, (_, index) => environment(`z${index}`))
      );
      await act(() => model.refresh());
      expect(names().slice(2, 5)).toEqual([
        'Recently used',
        'default/data, not downloaded',
        'default'
      ]);
    });

    it('shows what the settings let through', async () => {
      api.rows.push(environment('works', { id: 4, namespace: 'team' }));
      await show();
      await act(async () => {
        model.filter = { namespaces: [], launchable: true, first: 'team' };
      });
      const names = screen
        .getAllByRole('treeitem')
        .map(row => row.getAttribute('aria-label'));
      expect(names).toEqual([
        'team',
        'team/works, not downloaded',
        'default',
        'default/data, not downloaded',
        'default/minimal, ready'
      ]);
      expect(screen.getByText(/3 environments · filtered by/)).toBeTruthy();
    });

    it('shows an empty namespace to who may delete it, which the Delete key does', async () => {
      api.namespaceList = [
        { name: 'default', environments: 2, may: ['delete'] },
        { name: 'empty', environments: 0, may: ['delete'] },
        { name: 'foreign', environments: 0, may: [] },
        { name: 'team', environments: 1, may: ['delete'] }
      ];
      await show();
      const space = screen.getByRole('treeitem', {
        name: 'empty, no environments'
      });
      expect(space.getAttribute('aria-expanded')).toBeNull();
      expect(space.dataset.namespace).toBe('empty');
      expect(space.dataset.may).toBe('delete');
      expect(screen.queryByRole('treeitem', { name: /^foreign/ })).toBeNull();
      act(() => space.focus());
      await press('Delete');
      await press('ArrowDown');
      expect(focused()).toBe('team');
      await press('Delete');
      expect(commands.executed).toEqual([
        [CommandIDs.deleteNamespace, { namespace: 'empty' }]
      ]);
      act(() => model.search.type('data'));
      expect(screen.queryByRole('treeitem', { name: /^empty/ })).toBeNull();
    });

    it('names the channel of a local store', async () => {
      api.answer = status({
        local_store: localStore({
          state: 'running',
          url: status().url,
          channel: 'local'
        })
      });
      await show();
      expect(screen.getByText('Local store (local channel)')).toBeTruthy();
    });
  });

  it('clears the search with Escape', async () => {
    const props = { model, commands };
    render(<Search {...props} />);
    const box = screen.getByRole('searchbox', { name: 'Search environments' });
    fireEvent.change(box, { target: { value: 'dat' } });
    expect(model.search.text).toBe('dat');
    fireEvent.keyDown(box, { key: 'Escape' });
    expect(model.search.text).toBe('');
  });
});
