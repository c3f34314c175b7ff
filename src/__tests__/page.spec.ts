import { PromiseDelegate } from '@lumino/coreutils';
import { EnvironmentPageModel, EnvironmentsModel } from '../model';
import { BuildLog } from '../model/page/buildlog';
import { defaultPair, pairWith } from '../model/page/changes';
import { BuildPackages } from '../model/page/packages';
import { CondaStoreError } from '../api/request';
import type { IBuildLog } from '../tokens';
import {
  FakeApi,
  UNREACHABLE,
  build,
  environment,
  localCopy,
  somePackage
} from './fake';

const nothing = () => undefined;
const settled = () => new Promise(resolve => setTimeout(resolve));

describe('BuildLog', () => {
  let api: FakeApi;
  let log: BuildLog;

  beforeEach(() => {
    api = new FakeApi();
    log = new BuildLog(api, nothing);
  });

  const read = async (rest: Partial<IBuildLog>) => {
    api.logs[1] = rest;
    await log.open(1);
    return log.log?.text;
  };

  it('grows with the file', async () => {
    expect(await read({ text: 'one\n', stage: 'lock' })).toBe('one\n');
    expect(await read({ text: 'one\ntwo\n', stage: 'install' })).toBe(
      'one\ntwo\n'
    );
    expect(log.log?.stage).toBe('install');
  });

  it('never takes a shorter read of the same build', async () => {
    await read({ text: 'one\ntwo\n' });
    expect(await read({ text: '', stage: 'pack' })).toBe('one\ntwo\n');
    expect(log.log?.stage).toBe('pack');
    expect(await read({ text: 'end', truncated: true })).toBe('end');
  });

  it('is read until all of it is here, and a bit longer if it came short', async () => {
    await read({ text: 'one\n' });
    await read({ text: '', complete: true });
    expect(log.complete).toBe(false);
    await read({ text: 'one\ntwo\n', complete: true });
    expect(log.complete).toBe(true);
    const { length } = api.calls;
    await log.open(1);
    expect(api.calls).toHaveLength(length);
  });

  it('keeps the longer text for good when the file stays short', async () => {
    await read({ text: 'one\ntwo\n' });
    for (let reads = 0; reads < 3; reads++) {
      await read({ text: 'one', complete: true });
    }
    expect(log.complete).toBe(true);
    expect(log.log?.text).toBe('one\ntwo\n');
  });

  it('keeps the text while the server is away', async () => {
    await read({ text: 'one\n' });
    api.failures.buildLog = UNREACHABLE;
    await log.open(1);
    expect(log.log?.text).toBe('one\n');
    expect(log.error?.code).toBe('server_unreachable');
  });

  it('drops what comes late for another build', async () => {
    const gate = new PromiseDelegate<void>();
    api.gates['buildLog 1'] = gate.promise;
    api.logs = { 1: { text: 'a longer text' }, 2: { text: 'two' } };
    const late = log.open(1);
    await log.open(2);
    gate.resolve();
    await late;
    expect(log.log?.text).toBe('two');
  });
});

describe('BuildPackages', () => {
  let api: FakeApi;
  let packages: BuildPackages;

  beforeEach(() => {
    api = new FakeApi();
    api.packages = ['numpy', 'pandas', 'python'].map(name => somePackage(name));
    packages = new BuildPackages(api, nothing);
  });

  afterEach(() => packages.dispose());

  const names = () => packages.packages.map(item => item.name);

  it('comes page by page, and says how many there are', async () => {
    await packages.open(1, 'COMPLETED');
    expect(names()).toEqual(['numpy', 'pandas']);
    expect(packages.count).toBe(3);
    expect(packages.hasMore).toBe(true);
    await packages.more();
    expect(names()).toEqual(['numpy', 'pandas', 'python']);
    expect(packages.hasMore).toBe(false);
  });

  it('is asked for again only when the build has moved on, or after a failure', async () => {
    await packages.open(1, 'BUILDING');
    await packages.open(1, 'BUILDING');
    expect(api.calls).toHaveLength(1);
    await packages.open(1, 'COMPLETED');
    expect(api.calls).toHaveLength(2);
    api.failures.buildPackages = UNREACHABLE;
    await packages.open(2, 'COMPLETED');
    expect(packages.error?.code).toBe('server_unreachable');
    api.failures = {};
    await packages.open(2, 'COMPLETED');
    expect(names()).toEqual(['numpy', 'pandas']);
    expect(packages.error).toBeNull();
  });

  it('searches on the server, once the typing rests', async () => {
    await packages.open(1, 'COMPLETED');
    packages.setSearch('p');
    packages.setSearch('py');
    await new Promise(resolve => setTimeout(resolve, 350));
    expect(api.calls.slice(1)).toEqual(['buildPackages 1 py 1']);
    expect(names()).toEqual(['numpy', 'python']);
  });
});

describe('The builds to compare', () => {
  const builds = [build(5), build(4, { status: 'FAILED' }), build(3), build(1)];

  it('are the active one and the one before it that was completed', () => {
    expect(defaultPair(builds, 5)).toEqual({ since: 3, id: 5 });
    expect(defaultPair(builds, 3)).toEqual({ since: 1, id: 3 });
  });

  it('are the newest other one and the active one after a roll back to the oldest', () => {
    expect(defaultPair(builds, 1)).toEqual({ since: 5, id: 1 });
  });

  it('are none when there is one build alone', () => {
    expect(defaultPair([build(1)], 1)).toEqual({ since: null, id: 1 });
    expect(defaultPair([], null)).toEqual({ since: null, id: null });
  });

  it('are the chosen one and the active one, the older first', () => {
    expect(pairWith(builds, 3, 5)).toEqual({ since: 3, id: 5 });
    expect(pairWith(builds, 3, 1)).toEqual({ since: 1, id: 3 });
    expect(pairWith(builds, 5, 5)).toEqual({ since: 3, id: 5 });
  });
});

describe('EnvironmentPageModel', () => {
  let api: FakeApi;
  let environments: EnvironmentsModel;
  let page: EnvironmentPageModel;

  beforeEach(() => {
    api = new FakeApi();
    api.rows = [environment('data', { current_build_id: 2 })];
    api.buildRows = [build(3, { status: 'FAILED' }), build(2), build(1)];
    environments = new EnvironmentsModel({ api });
    page = new EnvironmentPageModel({
      api,
      environments,
      namespace: 'default',
      name: 'data'
    });
  });

  afterEach(() => {
    page.dispose();
    environments.dispose();
  });

  it('knows the environment, a page of builds and their details', async () => {
    api.details = { 3: { reason: 'No such package.' } };
    await page.refresh();
    expect(page.environment?.name).toBe('data');
    expect(page.builds.builds.map(build => build.id)).toEqual([3, 2]);
    expect(page.builds.count).toBe(3);
    expect(page.details.of(3)?.reason).toBe('No such package.');
    await page.more();
    expect(page.builds.builds.map(build => build.id)).toEqual([3, 2, 1]);
    const asked = api.calls.filter(call => call.startsWith('build '));
    await page.refresh();
    expect(api.calls.filter(call => call.startsWith('build '))).toEqual(asked);
  });

  it('asks for what the shown part needs, and for nothing else', async () => {
    await page.refresh();
    api.calls = [];
    page.show('packages');
    await settled();
    expect(api.calls).toEqual(['buildPackages 2  1']);
    page.show('specification');
    await settled();
    page.show('log');
    await settled();
    page.show('changes');
    await settled();
    expect(api.calls.slice(1)).toEqual(['buildSpecification 2', 'buildLog 3']);
    await page.more();
    await page.load();
    expect(api.calls).toContain('buildChanges 2 1');
    expect(page.changes.value?.since).toBe(1);
  });

  it('shows the build that somebody chose', async () => {
    await page.refresh();
    page.show('log', 2);
    await settled();
    expect(page.log.buildId).toBe(2);
    page.show('packages');
    expect(page.buildId).toBe(2);
  });

  it('is busy while a build runs, and reads the log of what is built', async () => {
    api.buildRows.unshift(build(4, { status: 'BUILDING', ended_on: null }));
    api.logs[4] = { text: 'Solving', stage: 'lock' };
    await page.refresh();
    expect(page.busy).toBe(true);
    expect(page.log.log?.stage).toBe('lock');
    api.buildRows[0] = build(4);
    await page.refresh();
    expect(page.busy).toBe(false);
  });

  it('waits for the archive of a build that has just ended', async () => {
    api.buildRows = [build(2)];
    api.details[2] = { packing: true };
    await page.refresh();
    expect(page.busy).toBe(true);
    api.details[2] = { launchable: true };
    await page.refresh();
    expect(page.busy).toBe(false);
  });

  it('tells a build that was deleted, which the server goes on listing', async () => {
    api.details[2] = { artifacts: ['DIRECTORY', 'LOGS'], launchable: true };
    await page.refresh();
    page.deleting(2);
    expect(page.details.isBeingDeleted(page.builds.builds[1])).toBe(true);
    expect(page.busy).toBe(true);
    api.buildRows[1] = build(2, { size: 0 });
    api.details[2] = { artifacts: ['LOGS', 'LOCKFILE'], deleted: true };
    await page.refresh();
    expect(page.details.isDeleted(page.builds.builds[1])).toBe(true);
    expect(page.busy).toBe(false);
  });

  it('keeps what it knew while the server is away, and recovers', async () => {
    await page.refresh();
    api.failures.environment = UNREACHABLE;
    await page.refresh();
    expect(page.error?.code).toBe('server_unreachable');
    expect(page.builds.builds).toHaveLength(2);
    expect(page.gone).toBe(false);
    api.failures = {};
    await page.refresh();
    expect(page.error).toBeNull();
  });

  it('says that the environment is gone, and offers nothing then', async () => {
    await page.refresh();
    expect(page.may('build')).toBe(true);
    api.failures.environment = new CondaStoreError('not_found', 'It is gone.');
    await page.refresh();
    expect(page.gone).toBe(true);
    expect(page.may('build')).toBe(false);
  });

  it('offers only what the user may do', async () => {
    api.rows = [environment('data', { may: ['build'] })];
    expect(page.may('build')).toBe(false);
    await page.refresh();
    expect(page.may('build')).toBe(true);
    expect(page.may('delete')).toBe(false);
  });

  it('looks again after an action, whatever look was under way', async () => {
    await page.refresh();
    const gate = new PromiseDelegate<void>();
    api.gates['builds default/data 1'] = gate.promise;
    const under = page.refresh();
    await settled();
    const acted = page.act(async () => {
      api.buildRows = [build(4, { status: 'QUEUED' }), ...api.buildRows];
    });
    await settled();
    gate.resolve();
    await Promise.all([under, acted]);
    expect(api.calls.filter(call => call.startsWith('builds'))).toHaveLength(3);
    expect(page.busy).toBe(true);
  });

  it('says in a field what an action failed with', async () => {
    await page.refresh();
    const conflict = new CondaStoreError('conflict', 'It cannot be cancelled.');
    expect(await page.act(() => Promise.reject(conflict))).toBe(false);
    expect(page.actions.failure?.message).toBe('It cannot be cancelled.');
    expect(page.actions.running).toBe(false);
    page.actions.dismiss();
    expect(page.actions.failure).toBeNull();
  });

  it('keeps a description in the box until it is saved', async () => {
    await page.refresh();
    page.description.edit('  For the course ');
    api.failures.updateEnvironment = UNREACHABLE;
    await page.description.save();
    expect(page.description.draft).toBe('  For the course ');
    expect(page.actions.failure?.code).toBe('server_unreachable');
    api.failures = {};
    await page.description.save();
    expect(page.description.draft).toBeNull();
    expect(page.environment?.description).toBe('For the course');
  });

  it('tells of copies on this machine', async () => {
    api.copies = [localCopy({ build_id: 2 })];
    await page.refresh();
    expect(page.stateOf(page.builds.builds[1]).kind).toBe('ready');
  });
});
