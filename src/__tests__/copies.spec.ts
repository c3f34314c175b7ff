import { PromiseDelegate } from '@lumino/coreutils';
import { Copies } from '../model/copies';
import { FakeApi, UNREACHABLE, localCopy } from './fake';

const BUILD = { namespace: 'default', environment: 'data', build_id: null };
const RUNNING = localCopy({ state: 'running', step: 'extract' });

function make(): { api: FakeApi; copies: Copies } {
  const api = new FakeApi();
  return { api, copies: new Copies(api, () => undefined) };
}

describe('Copies', () => {
  it('answers at once with a copy that is ready', async () => {
    const { copies } = make();
    const copy = await copies.make(BUILD);
    expect(copy.state).toBe('ready');
    expect(copies.active).toBe(false);
  });

  it('waits for the event that says ready', async () => {
    const { api, copies } = make();
    api.started = RUNNING;
    const making = copies.make(BUILD);
    expect(copies.isPending(BUILD)).toBe(true);
    await Promise.resolve();
    await new Promise(resolve => setTimeout(resolve));
    expect(copies.isPending(BUILD)).toBe(false);
    expect(copies.active).toBe(true);
    copies.apply(localCopy());
    expect((await making).state).toBe('ready');
  });

  it('does not lose an event that overtakes the answer', async () => {
    const { api, copies } = make();
    api.started = RUNNING;
    const gate = new PromiseDelegate<void>();
    api.gates['fetchCopy default/data '] = gate.promise;
    const making = copies.make(BUILD);
    copies.apply(localCopy());
    gate.resolve();
    expect((await making).state).toBe('ready');
    expect(copies.all[0].state).toBe('ready');
  });

  it('fails with the code and the sentence of the failure', async () => {
    const { api, copies } = make();
    api.started = RUNNING;
    const making = copies.make(BUILD);
    await new Promise(resolve => setTimeout(resolve));
    const error = { code: 'disk_full', message: 'The disk is full.' };
    copies.apply(localCopy({ state: 'failed', error }));
    await expect(making).rejects.toMatchObject(error);
  });

  it('ends the waiting when the copy is cancelled', async () => {
    const { api, copies } = make();
    api.started = RUNNING;
    const making = copies.make(BUILD);
    await new Promise(resolve => setTimeout(resolve));
    await copies.cancel(RUNNING.key);
    await expect(making).rejects.toMatchObject({ code: 'cancelled' });
    expect(copies.active).toBe(false);
  });

  it('learns by asking what no event told', async () => {
    const { api, copies } = make();
    api.started = RUNNING;
    const making = copies.make(BUILD);
    await new Promise(resolve => setTimeout(resolve));
    api.copies = [localCopy()];
    await copies.refresh();
    expect((await making).state).toBe('ready');
  });

  it('does not overwrite an event with an older answer', async () => {
    const { api, copies } = make();
    const gate = new PromiseDelegate<void>();
    api.copies = [RUNNING];
    api.gates['listCopies'] = gate.promise;
    const refreshing = copies.refresh();
    copies.apply(localCopy());
    gate.resolve();
    await refreshing;
    expect(copies.all[0].state).toBe('ready');
  });

  it('forgets copies that are gone', async () => {
    const { api, copies } = make();
    api.copies = [localCopy()];
    await copies.refresh();
    api.copies = [];
    await copies.refresh();
    expect(copies.all).toEqual([]);
  });

  it('says so while a copy is being removed, and keeps it if that fails', async () => {
    const { api, copies } = make();
    copies.apply(localCopy());
    api.failures.remove = UNREACHABLE;
    const removing = copies.remove('abcdef01-1');
    expect(copies.isRemoving('abcdef01-1')).toBe(true);
    await expect(removing).rejects.toBe(UNREACHABLE);
    expect(copies.isRemoving('abcdef01-1')).toBe(false);
    expect(copies.all).toHaveLength(1);
    delete api.failures.remove;
    await copies.remove('abcdef01-1');
    expect(copies.all).toEqual([]);
  });

  it('finds the copy of the very build', () => {
    const { copies } = make();
    copies.apply(localCopy());
    const reference = { ...BUILD, build_id: 1 };
    expect(copies.find(reference)?.key).toBe('abcdef01-1');
    expect(copies.find({ ...reference, build_id: 2 })).toBeUndefined();
    expect(copies.find({ ...reference, namespace: 'team' })).toBeUndefined();
  });
});
