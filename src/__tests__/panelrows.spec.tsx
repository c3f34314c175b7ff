/** The rows of the panel: what each says and does. */

import { act, screen } from '@testing-library/react';
import type { IBuildDetail } from '../tokens';
import { CommandIDs } from '../tokens';
import { build, click, detail, localCopy, press } from './fake';
import { Panel, focused, rowLabels } from './fake/panel';

describe('A row of the panel', () => {
  let panel: Panel;

  beforeEach(() => {
    panel = new Panel();
    panel.fill();
  });

  afterEach(() => panel.dispose());

  it('names every row by namespace, name and state', async () => {
    await panel.show();
    expect(rowLabels()).toEqual([
      'default',
      'default/data, not downloaded',
      'default/minimal, ready',
      'team',
      'team/broken, build failed'
    ]);
  });

  it('keeps the line of a reason free until it comes', async () => {
    let answer: (build: IBuildDetail) => void = () => undefined;
    jest.spyOn(panel.api, 'build').mockReturnValue(
      new Promise(resolve => {
        answer = resolve;
      })
    );
    await panel.show();
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
    await panel.show();
    const reason = screen.getByText('nothing provides <b>nonesuch</b>');
    expect(reason.querySelector('b')).toBeNull();
    expect(
      screen.queryByRole('button', { name: 'Launch team/broken' })
    ).toBeNull();
  });

  it('says once in the row which script activates badly, as text, and launches it', async () => {
    const message = 'broken.sh of <b>default/minimal</b> ended the shell.';
    await panel.show();
    act(() =>
      panel.model.copies.apply(
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
    await click(screen.getByRole('button', { name: 'Launch default/minimal' }));
    expect(panel.commands.executed).toHaveLength(1);
    // the next answer of the server does not say it any more
    act(() =>
      panel.model.copies.apply(
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
    await panel.show();
    await click(screen.getByRole('button', { name: 'Launch default/data' }));
    await click(screen.getByRole('button', { name: 'Launch default/minimal' }));
    expect(panel.commands.executed).toEqual([
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
    await panel.show();
    act(() =>
      panel.model.copies.apply(
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
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe(
      '42'
    );
    expect(
      screen.queryByRole('button', { name: 'Launch default/data' })
    ).toBeNull();
    await click(screen.getByRole('button', { name: 'Cancel default/data' }));
    expect(panel.commands.executed).toEqual([
      [
        CommandIDs.cancel,
        { namespace: 'default', environment: 'data', build_id: 2 }
      ]
    ]);
  });

  it('unfolds builds, each of which can be launched', async () => {
    panel.api.buildRows = [build(2), build(1, { status: 'FAILED' })];
    await panel.show();
    await click(screen.getByRole('treeitem', { name: /^default\/data/ }));
    const rows = screen.getAllByRole('treeitem', { name: /^Build/ });
    expect(rows.map(row => row.getAttribute('aria-label'))).toEqual([
      'Build 2, active, completed, not downloaded',
      'Build 1, failed'
    ]);
    await click(
      screen.getByRole('button', { name: 'Launch build 2 of default/data' })
    );
    expect(panel.commands.executed).toEqual([
      [
        CommandIDs.launch,
        { namespace: 'default', environment: 'data', build_id: 2 }
      ]
    ]);
  });

  it('lets Enter on a button press that button only', async () => {
    await panel.show();
    const button = screen.getByRole('button', {
      name: 'Open a console on default/data'
    });
    act(() => button.focus());
    await press('Enter');
    expect(panel.commands.executed).toEqual([]);
  });

  it('shows an empty namespace to who may delete it, which the Delete key does', async () => {
    panel.api.namespaceList = [
      { name: 'default', environments: 2, may: ['delete'] },
      { name: 'empty', environments: 0, may: ['delete'] },
      { name: 'foreign', environments: 0, may: [] },
      { name: 'team', environments: 1, may: ['delete'] }
    ];
    await panel.show();
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
    expect(panel.commands.executed).toEqual([
      [CommandIDs.deleteNamespace, { namespace: 'empty' }]
    ]);
    act(() => panel.model.search.type('data'));
    expect(screen.queryByRole('treeitem', { name: /^empty/ })).toBeNull();
  });
});
