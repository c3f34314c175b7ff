/** The offers before a kernel starts from the environment of its notebook's folder, where that cannot be. */

import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import type { IFolderEnvironment } from '../api/providers';
import { Jobs } from '../model/machine';
import { FOLDER_KERNEL, FolderKernel } from '../notebook';
import { environment, FakeProviders, job } from './fake/providers';

/** What is found where the server says this, with what was done about it. */
async function find(nearest: Partial<IFolderEnvironment>, pages = true) {
  const api = new FakeProviders();
  api.nearest = { environment: null, problem: null, file: null, ...nearest };
  const built: string[] = [];
  const jobs = new Jobs(api, null, 1);
  const kernel = new FolderKernel({
    api,
    jobs,
    build: pages
      ? async path => {
          built.push(path);
        }
      : null,
    trans: nullTranslator.load('conda_store_labext')
  });
  const finding = await kernel.find('work/p/a.ipynb');
  return { api, built, finding, jobs };
}

const problem = (code: string, message = 'So it is.') => ({
  problem: { code, message }
});

const labels = ({ finding }: Awaited<ReturnType<typeof find>>) =>
  finding?.offers.map(({ label }) => label);

afterEach(() => Notification.dismiss());

it('nothing is said of an environment that starts', async () => {
  const { finding } = await find({ environment: environment('p') });
  expect(finding).toBeNull();
});

it('without one, the file beside the notebook makes it, and the kernel starts', async () => {
  const { api, finding } = await find({
    ...problem('not_found'),
    file: 'work/p/requirements.txt'
  });
  expect(finding?.message).toBe(
    'There is no environment in the folder of a.ipynb, or above it.'
  );
  const [offer] = finding!.offers;
  expect(offer.label).toBe('Create It from requirements.txt');
  const begun = offer.first!();
  await new Promise(resolve => setTimeout(resolve, 5));
  expect(Notification.manager.notifications[0].type).toBe('in-progress');
  api.running = [job('ready', { environment: environment('p') })];
  expect(await begun).toBe(FOLDER_KERNEL);
  expect(Notification.manager.notifications).toEqual([]);
  expect(api.asked).toContainEqual([
    'create',
    'machine',
    { folder: 'work/p', file: 'work/p/requirements.txt' }
  ]);
});

it.each([
  ['failed', 'There is no such package.'],
  ['cancelled', '']
])('one that %s starts no kernel', async (state, message) => {
  const { api, finding } = await find({
    ...problem('not_found'),
    file: 'requirements.txt'
  });
  const begun = finding!.offers[0].first!().catch(reason => reason.message);
  const error = message ? { code: 'install_failed', message } : null;
  api.running = [job(state, { error })];
  expect(await begun).toBe(message || null);
});

it('an environment.yml is built by conda-store, where that has a page', async () => {
  const yml = { ...problem('not_found'), file: 'work/environment.yml' };
  const { built, finding } = await find(yml);
  expect(finding?.offers[0].label).toBe(
    'Build environment.yml in conda-store…'
  );
  expect(await finding?.offers[0].first!()).toBeNull();
  expect(built).toEqual(['work/environment.yml']);
  expect(labels(await find(yml, false))).toEqual([]);
});

it('where there is no file, it is said', async () => {
  expect(labels(await find(problem('not_found')))).toEqual([]);
});

it.each([
  ['no_kernel', 'Add ipykernel', ['change', 'p', { add: ['ipykernel'] }]],
  ['python_gone', 'Recreate', ['recreate', 'p']],
  ['not_trusted', 'Trust and Run', ['trust', 'p']]
])('of one with %s, %s is offered', async (code, label, asked) => {
  const made = await find({
    environment: environment('p'),
    ...problem(code)
  });
  expect(labels(made)).toEqual([label]);
  const done = made.finding!.offers[0].first!();
  made.api.running = [job('ready')];
  expect(await done).toBe(FOLDER_KERNEL);
  expect(made.api.asked).toContainEqual(asked);
});

it('of one that is whole and cannot start for another reason, that is said', async () => {
  const made = await find({
    environment: environment('p'),
    ...problem('other_system', 'It was made on Windows.')
  });
  expect(made.finding?.message).toBe(
    'p (.venv, Python 3.12) cannot be launched. It was made on Windows.'
  );
  expect(labels(made)).toEqual([]);
});
