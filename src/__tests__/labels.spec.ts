import { nullTranslator } from '@jupyterlab/translation';
import { EnvironmentsModel } from '../model';
import { buildDate, bytes, percent, Labels } from '../widgets/labels';
import { FakeApi, build, environment, localCopy } from './fake';

const labels = new Labels(nullTranslator.load('conda_store_labext'));

describe('labels', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [27_000_000, '27 MB'],
    [3_210_000_000, '3.2 GB']
  ])('writes %d bytes as %s', (size, text) => {
    expect(bytes(size)).toBe(text.replace(' ', '\u00a0'));
  });

  it('says 100 % only when nothing is missing', () => {
    expect(percent(0.9999)).toBe(99);
    expect(percent(1)).toBe(100);
  });

  it('reads naive times as UTC', () => {
    expect(buildDate(build(1))?.toISOString()).toBe('2026-11-01T10:00:20.000Z');
    const queued = { started_on: null, ended_on: null };
    expect(buildDate(build(1, queued))?.toISOString()).toBe(
      '2026-11-01T10:00:00.000Z'
    );
    expect(buildDate(build(1, { ...queued, scheduled_on: null }))).toBeNull();
  });

  it.each([
    [{ status: 'FAILED', launchable: false }, {}, 'build failed'],
    [{ status: 'CANCELED', launchable: false }, {}, 'build cancelled'],
    [{ status: 'COMPLETED', launchable: false }, {}, 'no archive'],
    [{ status: null, launchable: false }, {}, 'not built'],
    [{ running_status: 'QUEUED', launchable: false }, {}, 'queued'],
    [{ running_status: 'BUILDING', launchable: false }, {}, 'building…'],
    [{}, { state: 'waiting' }, 'starting…'],
    [{}, { state: 'running', step: 'connect' }, 'connecting…'],
    [{}, { state: 'running', step: 'extract' }, 'downloading…'],
    [{}, { state: 'running', step: 'prefix' }, 'preparing…'],
    [{}, { state: 'running', step: 'register' }, 'registering…'],
    [{}, { state: 'cancelled' }, 'not downloaded'],
    [{}, { state: 'failed' }, 'download failed'],
    [{}, { state: 'ready' }, 'ready']
  ] as const)('calls %j with copy %j "%s"', (row, copy, text) => {
    const model = new EnvironmentsModel({ api: new FakeApi() });
    if ('state' in copy) {
      model.copies.apply(localCopy(copy));
    }
    const state = model.stateOf(environment('data', row));
    expect(labels.state(state)).toBe(text);
    model.dispose();
  });

  it('tells of a newer build beside a state of its own', () => {
    const model = new EnvironmentsModel({ api: new FakeApi() });
    model.copies.apply(localCopy());
    const row = environment('data', {
      running_build_id: 7,
      running_status: 'BUILDING'
    });
    expect(labels.running(row, model.stateOf(row))).toBe('build 7 building');
    model.dispose();
  });
});
