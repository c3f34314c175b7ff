import { act, cleanup, render, screen, within } from '@testing-library/react';
import React from 'react';
import { EnvironmentPageModel, EnvironmentsModel } from '../model';
import { CommandIDs } from '../tokens';
import { chunksOf } from '../widgets/page/logtext';
import { PageView } from '../widgets/page/view';
import {
  FakeApi,
  FakeCommands,
  UNREACHABLE,
  build,
  click,
  environment,
  press,
  somePackage
} from './fake';

describe('An environment’s page', () => {
  let api: FakeApi;
  let environments: EnvironmentsModel;
  let model: EnvironmentPageModel;
  let commands: FakeCommands;

  beforeEach(() => {
    api = new FakeApi();
    api.pageSize = 50;
    api.rows = [environment('data', { current_build_id: 2 })];
    api.buildRows = [
      build(4, { status: 'QUEUED', started_on: null, ended_on: null }),
      build(3, { status: 'FAILED' }),
      build(2),
      build(1)
    ];
    api.details = {
      2: { artifacts: ['LOCKFILE', 'CONDA_PACK'], launchable: true },
      3: { reason: 'No such package.' }
    };
    environments = new EnvironmentsModel({ api });
    model = new EnvironmentPageModel({
      api,
      environments,
      namespace: 'default',
      name: 'data'
    });
    commands = new FakeCommands();
  });

  afterEach(() => {
    cleanup();
    model.dispose();
    environments.dispose();
  });

  const show = async () => {
    render(<PageView id="page" model={model} commands={commands} />);
    await act(() => model.refresh());
  };
  const rowOf = (id: number) =>
    within(screen.getByRole('listitem', { name: new RegExp(`^Build ${id},`) }));

  it('tells of each build how it went and what there is of it', async () => {
    await show();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(
      'default/data'
    );
    expect(rowOf(4).getByText(/^waiting for \d+ h/)).toBeTruthy();
    expect(rowOf(3).getByText('No such package.')).toBeTruthy();
    expect(rowOf(2).getByText('took 19 s')).toBeTruthy();
    const links = rowOf(2).getAllByRole('link');
    expect(links.map(link => link.getAttribute('href'))).toEqual([
      '/conda-store/builds/2/artifacts/archive',
      '/conda-store/builds/2/artifacts/lockfile'
    ]);
    const time = rowOf(2).getByText(/ago|month|day/i, { selector: 'time' });
    expect(time.getAttribute('datetime')).toBe('2026-11-01T10:00:20.000Z');
  });

  it('offers for each build what makes sense for it', async () => {
    await show();
    const names = (id: number) =>
      rowOf(id)
        .getAllByRole('button')
        .map(button => button.textContent);
    expect(names(4)).toEqual(['Show log', 'Cancel…']);
    expect(names(3)).toEqual(['Show log', 'Rebuild', 'Delete…']);
    expect(names(2)).toEqual([
      'Launch',
      'Show log',
      'Packages',
      'Compare',
      'Rebuild',
      'Delete…'
    ]);
    expect(names(1)).toContain('Set active…');
    await click(rowOf(1).getByRole('button', { name: /the active one/ }));
    expect(commands.executed).toEqual([
      [
        CommandIDs.setActiveBuild,
        { namespace: 'default', environment: 'data', build_id: 1 }
      ]
    ]);
  });

  it('offers nothing that the user may not do', async () => {
    api.rows = [environment('data', { current_build_id: 2, may: [] })];
    await show();
    const names = screen
      .getAllByRole('button')
      .map(button => button.textContent);
    expect(new Set(names)).toEqual(
      new Set(['Show log', 'Packages', 'Compare', 'Launch'])
    );
  });

  it('has tabs that the arrow keys walk', async () => {
    api.packages = [somePackage('numpy')];
    await show();
    const tabs = screen.getAllByRole('tab');
    expect(tabs.map(tab => tab.tabIndex)).toEqual([0, -1, -1, -1, -1]);
    tabs[0].focus();
    await press('ArrowRight');
    expect(document.activeElement?.textContent).toBe('Packages');
    expect(screen.getByRole('tabpanel').getAttribute('aria-labelledby')).toBe(
      'page-tab-packages'
    );
    expect(screen.getByRole('rowheader', { name: 'numpy' })).toBeTruthy();
  });

  it('shows a log’s first error above it, and never as HTML', async () => {
    api.logs[3] = {
      text: 'start\n<b>error</b>: no such package\nend\n',
      complete: true,
      first_error: { line: 1, text: '<b>error</b>: no such package' }
    };
    await show();
    await click(rowOf(3).getByRole('button', { name: /^Show log/ }));
    expect(screen.getByRole('alert').textContent).toContain('First error');
    const log = screen.getByRole('log');
    expect(log.querySelector('mark')?.textContent).toBe(
      '<b>error</b>: no such package'
    );
    expect(log.textContent).toBe('start\n<b>error</b>: no such package\nend');
  });

  it('says that the server is away, and keeps what it knew', async () => {
    await show();
    api.failures.environment = UNREACHABLE;
    await act(() => model.refresh());
    expect(screen.getByRole('alert').textContent).toContain('Not connected');
    expect(screen.getAllByRole('listitem')).toHaveLength(4);
  });
});

describe('chunksOf', () => {
  it('keeps every line of a long text', () => {
    const lines = Array.from({ length: 1001 }, (_, index) => `line ${index}`);
    const chunks = chunksOf(`${lines.join('\n')}\n`);
    expect(chunks).toHaveLength(6);
    expect(chunks.join('\n').split('\n')).toEqual(lines);
  });
});
