/** The launcher's tiles: which environments have one, in which order, and what is left out for them. */

import { LauncherModel } from '@jupyterlab/launcher';
import { EnvironmentsModel, EnvironmentTiles } from '../model';
import { LauncherSection, leaveOut } from '../plugins/launchersection';
import { environment, FakeApi, localCopy, UNREACHABLE } from './fake';

const settled = () => new Promise(resolve => setTimeout(resolve));

describe('The environments with tiles', () => {
  let api: FakeApi;
  let model: EnvironmentsModel;

  beforeEach(() => {
    api = new FakeApi();
    api.rows = ['a', 'b', 'c', 'd'].map((name, index) =>
      environment(name, { id: index + 1, current_build_id: index + 1 })
    );
    model = new EnvironmentsModel({ api });
  });

  afterEach(() => model.dispose());

  const make = async (most = 12) => {
    const tiles = new EnvironmentTiles(api, model, most);
    await model.server.first();
    await settled();
    return tiles;
  };
  const names = (tiles: EnvironmentTiles) =>
    tiles.tiles.map(tile => tile.environment.name);

  it('are those that can be launched, downloaded or not, though nobody looked at the panel', async () => {
    api.rows[1] = environment('b', { launchable: false });
    api.copies = [localCopy({ environment: 'c', build_id: 3 })];
    await model.copies.refresh();
    const tiles = await make();
    expect(
      tiles.tiles.map(tile => [tile.environment.name, tile.state.kind])
    ).toEqual([
      ['a', 'absent'],
      ['c', 'ready'],
      ['d', 'absent']
    ]);
  });

  it('begin with the favourites and those launched last, and end after so many', async () => {
    model.pins.favouriteNames = ['default/d'];
    model.pins.recentNames = ['default/c', 'default/d'];
    expect(names(await make(3))).toEqual(['d', 'c', 'a']);
  });

  it('have the favourites that come after the first page, and none twice', async () => {
    api.rows = Array.from({ length: 30 }, (_, index) =>
      environment(`e${String(index).padStart(2, '0')}`, { id: index + 1 })
    );
    api.pageSize = 4;
    model.pins.favouriteNames = ['default/e29', 'default/e01', 'default/gone'];
    const tiles = await make(4);
    expect(names(tiles).slice(0, 3)).toEqual(['e29', 'e01', 'gone']);
    expect(new Set(names(tiles)).size).toBe(4);
  });

  it('are what is on this machine while the server is away', async () => {
    api.answer = { ...api.answer, reachable: false };
    api.failures.environments = UNREACHABLE;
    api.copies = [localCopy({ environment: 'c', build_id: 3 })];
    await model.copies.refresh();
    expect(names(await make())).toEqual(['c']);
  });

  it('tell when one of them stands otherwise', async () => {
    const tiles = await make();
    const listener = jest.fn();
    tiles.changed.connect(listener);
    model.stateChanged.emit();
    expect(listener).not.toHaveBeenCalled();
    const copy = { environment: 'a', build_id: 1 };
    model.copies.apply(localCopy({ ...copy, state: 'running' }));
    expect(listener).toHaveBeenCalledTimes(1);
    expect(tiles.tiles[0].state.kind).toBe('downloading');
    model.copies.apply(localCopy({ ...copy, state: 'running', bytes_done: 9 }));
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('are not asked for where none are wanted', async () => {
    const tiles = await make(0);
    expect(tiles.tiles).toEqual([]);
    expect(api.calls.filter(call => /^environments/.test(call))).toEqual([]);
  });
});

describe('A section of the launcher', () => {
  it('shows its tiles in their order, and leaves out what they start', () => {
    const launcher = new LauncherModel();
    const category = 'Notebook';
    const kernel = { kernelName: 'conda-store-default-a' };
    launcher.add({ command: 'create', args: kernel, category });
    launcher.add({ command: 'create', args: { kernelName: 'python3' } });
    leaveOut(launcher, ({ args }) => args?.kernelName === kernel.kernelName);
    const section = new LauncherSection(launcher, 'Environments', -1);
    const shown = () =>
      [...launcher.items()].map(({ command, args, rank }) => [
        args?.kernelName ?? args?.environment ?? command,
        rank
      ]);
    const python = ['python3', Infinity];
    const tile = (name: string) => ({
      command: 'launch',
      args: { environment: name }
    });
    section.show([tile('b'), tile('a')]);
    expect(shown()).toEqual([python, ['b', 0], ['a', 1]]);
    section.show([tile('a')]);
    expect(shown()).toEqual([python, ['a', 0]]);
    section.show([]);
    expect(shown()).toEqual([python]);
  });
});
