import { EnvironmentsModel } from '../model';
import type { IBuildDetail } from '../tokens';
import { FakeApi, UNREACHABLE, environment } from './fake';

describe('Running', () => {
  let api: FakeApi;
  let model: EnvironmentsModel;
  let ended: IBuildDetail[];

  beforeEach(() => {
    api = new FakeApi();
    api.rows = [environment('data')];
    model = new EnvironmentsModel({ api });
    ended = [];
    model.running.ended.connect((_, build) => ended.push(build));
  });

  afterEach(() => model.dispose());

  const data = { id: 7, namespace: 'default', environment: 'data' };

  it('tells once that a build has ended, when its archive is there', async () => {
    model.running.follow(data);
    api.details[7] = { status: 'BUILDING' };
    await model.running.refresh();
    api.details[7] = { status: 'COMPLETED', packing: true };
    await model.running.refresh();
    expect(ended).toEqual([]);
    expect(model.running.builds).toHaveLength(1);
    api.details[7] = { status: 'COMPLETED', launchable: true };
    await model.running.refresh();
    model.running.follow(data);
    await model.running.refresh();
    expect(ended.map(({ id }) => id)).toEqual([7]);
    expect(model.running.builds).toEqual([]);
    expect(api.calls).toContain('environments  1');
  });

  it('waits no longer once the server expects no archive', async () => {
    model.running.follow(data);
    api.details[7] = { status: 'COMPLETED', launchable: false, packing: false };
    await model.running.refresh();
    expect(ended.map(({ launchable }) => launchable)).toEqual([false]);
  });

  it('goes on following when the server is away for a time', async () => {
    model.running.follow(data);
    api.failures.build = UNREACHABLE;
    await expect(model.running.refresh()).rejects.toBe(UNREACHABLE);
    delete api.failures.build;
    api.details[7] = { status: 'FAILED', reason: 'No such package.' };
    await model.running.refresh();
    expect(ended[0].reason).toBe('No such package.');
  });

  it('follows what runs in sight', async () => {
    api.rows = [
      environment('data', { running_build_id: 7, running_status: 'QUEUED' }),
      environment('far', { running_build_id: 8, running_status: 'QUEUED' })
    ];
    model.listing.setVisible([{ namespace: 'default', from: 0, to: 1 }]);
    await model.refresh();
    expect(model.running.builds.map(({ id }) => id)).toEqual([7]);
  });
});
