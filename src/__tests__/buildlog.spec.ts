/** The log of a build, read as it grows. */

import { PromiseDelegate } from '@lumino/coreutils';
import { BuildLog } from '../model/page/buildlog';
import type { IBuildLog } from '../tokens';
import { FakeApi, UNREACHABLE } from './fake';

describe('BuildLog', () => {
  let api: FakeApi;
  let log: BuildLog;

  beforeEach(() => {
    api = new FakeApi();
    log = new BuildLog(api, () => undefined);
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
