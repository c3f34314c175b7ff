import { PromiseDelegate } from '@lumino/coreutils';
import { Listing } from '../model/listing';
import { FakeApi, UNREACHABLE, environment } from './fake';

function make(names: string[]): { api: FakeApi; listing: Listing } {
  const api = new FakeApi();
  api.rows = names.map((name, index) => environment(name, { id: index + 1 }));
  return { api, listing: new Listing(api, () => undefined) };
}

const names = (listing: Listing) => listing.environments.map(row => row.name);

describe('Listing', () => {
  it('fetches one page at a time until the server has no more', async () => {
    const { api, listing } = make(['a', 'b', 'c', 'd', 'e']);
    await listing.reload();
    expect(names(listing)).toEqual(['a', 'b']);
    expect(listing.count).toBe(5);
    expect(listing.hasMore).toBe(true);
    await listing.more();
    await listing.more();
    await listing.more();
    expect(names(listing)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(listing.hasMore).toBe(false);
    expect(api.calls).toHaveLength(3);
  });

  it('keeps the old rows until the search has its answer', async () => {
    const { api, listing } = make(['apple', 'bread', 'butter']);
    await listing.reload();
    const gate = new PromiseDelegate<void>();
    api.gates['environments b 1'] = gate.promise;
    const searching = listing.find('b');
    expect(listing.loading).toBe(true);
    expect(names(listing)).toEqual(['apple', 'bread']);
    gate.resolve();
    await searching;
    expect(names(listing)).toEqual(['bread', 'butter']);
    expect(listing.loading).toBe(false);
  });

  it('shows the last search however late the first one is answered', async () => {
    const { api, listing } = make(['apple', 'bread']);
    const gate = new PromiseDelegate<void>();
    api.gates['environments a 1'] = gate.promise;
    const slow = listing.find('app');
    api.gates['environments app 1'] = gate.promise;
    await listing.find('bread');
    gate.resolve();
    await slow;
    expect(names(listing)).toEqual(['bread']);
    expect(listing.count).toBe(1);
  });

  it('keeps the rows when a request fails, and forgets the error when one succeeds', async () => {
    const { api, listing } = make(['a']);
    await listing.reload();
    api.failures.environments = UNREACHABLE;
    await listing.reload();
    expect(listing.error?.code).toBe('server_unreachable');
    expect(names(listing)).toEqual(['a']);
    delete api.failures.environments;
    await listing.reload();
    expect(listing.error).toBeNull();
  });

  it('looks again only at pages where something goes on', async () => {
    const { api, listing } = make(['a', 'b', 'c', 'd', 'e']);
    api.rows[4] = environment('e', { id: 5, running_build_id: 9 });
    await listing.reload();
    await listing.more();
    await listing.more();
    api.calls = [];
    await listing.reload(false);
    expect(api.calls).toEqual(['environments  1', 'environments  3']);
  });

  it('looks at every page when the count has changed, and lists no row twice', async () => {
    const { api, listing } = make(['b', 'c', 'd']);
    await listing.reload();
    await listing.more();
    api.rows = [environment('a', { id: 9 }), ...api.rows];
    await listing.reload(false);
    expect(names(listing)).toEqual(['a', 'b', 'c', 'd']);
    expect(listing.hasMore).toBe(false);
  });

  it('stops asking when the server counts more than it gives', async () => {
    const { api, listing } = make(['a', 'b', 'c']);
    await listing.reload();
    api.rows = api.rows.slice(0, 2);
    await listing.more();
    expect(listing.hasMore).toBe(false);
    expect(names(listing)).toEqual(['a', 'b']);
  });
});
