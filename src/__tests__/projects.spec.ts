/** A project's file is written once its build has ended, though the page was loaded again meanwhile. */

import type { JSONValue } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { CondaStoreError } from '../api/request';
import { Projects } from '../model/machine';
import type { IBuildDetail } from '../tokens';
import { build, detail } from './fake';
import { FakeProviders } from './fake/providers';

const SHARED = { provider: 'machine', key: 'k', folder: 'work' };

/** The state that outlives pages, and what each page does with it. */
function make(builds: Record<number, Partial<IBuildDetail> | Error> = {}) {
  const kept: Record<string, JSONValue | undefined> = {};
  const page = () => {
    const api = new FakeProviders();
    const ended = new Signal<object, IBuildDetail>({});
    const said: string[] = [];
    const followed: number[] = [];
    const projects = new Projects({
      api,
      build: async id => {
        const row = builds[id];
        if (row instanceof Error) {
          throw row;
        }
        return { ...detail(build(id)), ...row };
      },
      follow: ({ id }) => followed.push(id),
      ended,
      state: {
        fetch: async key => kept[key],
        save: async (key, value) => {
          kept[key] = value as JSONValue;
        }
      },
      done: (name, file) => said.push(`${name} ${file}`),
      failed: ({ message }) => said.push(message)
    });
    return { api, ended, said, followed, projects };
  };
  return { kept, page };
}

const BEGUN = detail(build(9, { status: 'BUILDING' }));

const settled = () => new Promise(resolve => setTimeout(resolve, 0));

it('the file is written when the build has ended, and for no other build', async () => {
  const { page } = make();
  const { api, ended, said, projects } = page();
  await projects.add(BEGUN, SHARED);
  ended.emit({ ...BEGUN, id: 8, launchable: true });
  await settled();
  expect(api.asked).toEqual([]);
  ended.emit({ ...BEGUN, launchable: true });
  ended.emit({ ...BEGUN, launchable: true });
  await settled();
  expect(api.asked).toEqual([
    ['list', 'machine', 'work'],
    ['use', 'k', 'default/data']
  ]);
  expect(said).toEqual(['default/data /p/.conda-store.yml']);
});

it('one whose build failed is left as it is', async () => {
  const { kept, page } = make();
  const { api, ended, projects } = page();
  await projects.add(BEGUN, SHARED);
  ended.emit({ ...BEGUN, status: 'FAILED', launchable: false });
  await settled();
  expect([api.asked, Object.values(kept)]).toEqual([[], [[]]]);
});

it.each([
  ['that ended meanwhile', { status: 'COMPLETED', launchable: true }, []],
  ['that still runs', { status: 'BUILDING', launchable: false }, [9]]
] as const)(
  'after a reload it is written for a build %s',
  async (_, state, watched) => {
    const { kept, page } = make({ 9: state });
    await page().projects.add(BEGUN, SHARED);
    const { api, ended, followed, projects } = page();
    await projects.resume();
    expect(followed).toEqual(watched);
    if (watched.length) {
      expect(api.asked).toEqual([]);
      ended.emit({ ...BEGUN, launchable: true });
    }
    await settled();
    expect(api.asked).toContainEqual(['use', 'k', 'default/data']);
    expect(Object.values(kept)).toEqual([[]]);
  }
);

it('a build of another server, or one that is gone, is forgotten; a server that is away is asked again', async () => {
  const gone = new CondaStoreError('not_found', 'There is none.');
  const away = new CondaStoreError('server_unreachable', 'It is away.');
  const { kept, page } = make({
    9: { environment: 'another', launchable: true },
    10: gone,
    11: away
  });
  const before = page();
  for (const id of [9, 10, 11]) {
    await before.projects.add({ ...BEGUN, id }, SHARED);
  }
  const { api, projects } = page();
  await projects.resume();
  expect(api.asked).toEqual([]);
  expect(kept['conda-store-labext:projects']).toMatchObject([{ id: 11 }]);
});
