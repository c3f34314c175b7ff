/** The packages of a build, page by page, and the builds whose packages are compared. */

import { defaultPair, pairWith } from '../model/page/changes';
import { BuildPackages } from '../model/page/packages';
import { build, FakeApi, somePackage, UNREACHABLE } from './fake';

describe('BuildPackages', () => {
  let api: FakeApi;
  let packages: BuildPackages;

  beforeEach(() => {
    api = new FakeApi();
    api.packages = ['numpy', 'pandas', 'python'].map(name => somePackage(name));
    packages = new BuildPackages(api, () => undefined);
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
