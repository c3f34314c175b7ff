import { PromiseDelegate } from '@lumino/coreutils';
import { Listing } from '../model/panel/listing';
import { FakeApi, UNREACHABLE, environment } from './fake';

function make(names: string[]): { api: FakeApi; listing: Listing } {
  const api = new FakeApi();
  api.rows = names.map((name, index) => environment(name, { id: index + 1 }));
  return { api, listing: new Listing(api, () => undefined) };
}

/** So many environments in two namespaces. */
function makeMany(): { api: FakeApi; listing: Listing } {
  const { api, listing } = make([]);
  const rows = (namespace: string, count: number) =>
    Array.from({ length: count }, (_, index) =>
      environment(`${namespace}-${String(index).padStart(4, '0')}`, {
        namespace
      })
    );
  api.namespaceList = [];
  api.rows = [...rows('a', 80), ...rows('b', 420)];
  return { api, listing };
}

const names = (listing: Listing) => listing.environments.map(row => row.name);
const settled = () => new Promise(resolve => setTimeout(resolve));

describe('Listing', () => {
  it('asks once when all fits into one answer', async () => {
    const { api, listing } = make(['a', 'b', 'c']);
    await listing.reload();
    expect(names(listing)).toEqual(['a', 'b', 'c']);
    expect(listing.count).toBe(3);
    expect(listing.partial).toBe(false);
    listing.setVisible([{ namespace: 'default', from: 0, to: 3 }]);
    expect(api.calls).toEqual(['environments  1']);
  });

  it('has the server leave out what cannot be launched, where the rest fits into one answer', async () => {
    const { api, listing } = make(['a', 'b']);
    api.rows.push(environment('broken', { launchable: false }));
    listing.launchable = true;
    await listing.reload();
    expect(names(listing)).toEqual(['a', 'b']);
    expect(listing.filtered).toBe(true);
    expect(api.calls).toEqual(['environments  1 launchable']);

    const many = makeMany();
    many.listing.launchable = true;
    await many.listing.reload();
    expect(many.listing.filtered).toBe(false);
    expect(many.api.calls).toEqual([
      'environments  1 launchable',
      'environments  1',
      'namespaces '
    ]);
  });

  it('fetches of a long list what is in sight, and nothing twice', async () => {
    const { api, listing } = makeMany();
    await listing.reload();
    expect(api.calls).toEqual(['environments  1', 'namespaces ']);
    expect(listing.count).toBe(500);
    expect(listing.namespaces.map(rows => rows.count)).toEqual([80, 420]);
    expect(listing.environments).toHaveLength(100);
    expect(listing.lastNamespaces?.map(({ name }) => name)).toEqual(['a', 'b']);
    api.calls = [];
    listing.setVisible([{ namespace: 'a', from: 0, to: 40 }]);
    expect(api.calls).toEqual([]);
    const sight = [{ namespace: 'b', from: 140, to: 180 }];
    listing.setVisible(sight);
    listing.setVisible(sight);
    await settled();
    expect(api.calls).toEqual(['environments  3 b', 'environments  4 b']);
    expect(listing.namespaces[1].rows[140]?.name).toBe('b-0140');
    expect(listing.namespaces[1].rows[240]).toBeUndefined();
    expect(listing.visibleRows).toHaveLength(40);
  });

  it('forgets what went out of sight before its turn came', async () => {
    const { api, listing } = makeMany();
    await listing.reload();
    api.calls = [];
    for (let from = 0; from < 400; from += 10) {
      listing.setVisible([{ namespace: 'b', from, to: from + 40 }]);
    }
    await settled();
    expect(api.calls.length).toBeLessThanOrEqual(4);
    expect(listing.namespaces[1].rows[400]).toBeDefined();
  });

  it('looks again at the counts and at what is in sight alone', async () => {
    const { api, listing } = makeMany();
    await listing.reload();
    listing.setVisible([{ namespace: 'b', from: 100, to: 140 }]);
    await settled();
    api.calls = [];
    api.rows[180] = environment('b-0100', { namespace: 'b', status: 'FAILED' });
    await listing.reload();
    expect(api.calls).toEqual(['namespaces ', 'environments  3 b']);
    expect(listing.namespaces[1].rows[100]?.status).toBe('FAILED');
  });

  it('takes in that environments came and went', async () => {
    const { api, listing } = makeMany();
    await listing.reload();
    listing.setVisible([{ namespace: 'b', from: 0, to: 40 }]);
    api.rows = api.rows.filter(row => row.name !== 'b-0000');
    await listing.reload();
    expect(listing.count).toBe(499);
    expect(listing.namespaces[1].rows[0]?.name).toBe('b-0001');
    const seen = names(listing);
    expect(new Set(seen).size).toBe(seen.length);
    api.rows = api.rows.slice(0, 30);
    await listing.reload();
    await listing.reload();
    expect(names(listing)).toHaveLength(30);
    expect(listing.partial).toBe(false);
  });

  it('stops asking when the server counts more than it gives', async () => {
    const { api, listing } = makeMany();
    await listing.reload();
    api.rows = api.rows.slice(0, 300);
    api.calls = [];
    listing.setVisible([{ namespace: 'b', from: 380, to: 420 }]);
    await settled();
    expect(listing.partial).toBe(true);
    expect(listing.namespaces[1].count).toBeLessThan(420);
    expect(api.calls.length).toBeLessThanOrEqual(2);
  });

  it('does not ask again for a page that failed before the next look', async () => {
    const { api, listing } = makeMany();
    await listing.reload();
    api.failures.environments = UNREACHABLE;
    api.calls = [];
    const sight = [{ namespace: 'b', from: 200, to: 210 }];
    listing.setVisible(sight);
    await settled();
    listing.setVisible(sight);
    await settled();
    expect(api.calls).toHaveLength(1);
    expect(listing.error?.code).toBe('server_unreachable');
    delete api.failures.environments;
    await listing.reload();
    expect(listing.error).toBeNull();
    expect(listing.namespaces[1].rows[205]).toBeDefined();
  });

  it('keeps the old rows until the search has its answer', async () => {
    const { api, listing } = make(['apple', 'bread', 'butter']);
    await listing.reload();
    const gate = new PromiseDelegate<void>();
    api.gates['environments b 1'] = gate.promise;
    const searching = listing.find('b');
    expect(listing.loading).toBe(true);
    expect(names(listing)).toEqual(['apple', 'bread', 'butter']);
    gate.resolve();
    await searching;
    expect(names(listing)).toEqual(['bread', 'butter']);
    expect(listing.loading).toBe(false);
  });

  it('shows the last search however late the first one is answered', async () => {
    const { api, listing } = make(['apple', 'bread']);
    const gate = new PromiseDelegate<void>();
    api.gates['environments app 1'] = gate.promise;
    const slow = listing.find('app');
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
});
