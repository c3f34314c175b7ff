/** The model of an environment's page. */

import { PromiseDelegate } from '@lumino/coreutils';
import { EnvironmentPageModel, EnvironmentsModel } from '../model';
import { CondaStoreError } from '../api/request';
import { build, environment, FakeApi, localCopy, UNREACHABLE } from './fake';

const settled = () => new Promise(resolve => setTimeout(resolve));

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
