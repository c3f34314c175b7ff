/** What becomes of the offers: a rebuilt lockfile ends in one to run on it. */

import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { EnvironmentsModel } from '../model';
import type { NotebookBuild } from '../notebook';
import { Offering } from '../notebook';
import type { IBuildDetail, IBuildReference } from '../tokens';
import { build, FakeApi, UNREACHABLE } from './fake';

const BEGUN: IBuildDetail = {
  ...build(9, { status: 'QUEUED' }),
  artifacts: [],
  launchable: false,
  reason: null
};

/** A notebook whose build was deleted, and what its offers did. */
function make(launchable: boolean, isDisposed = false) {
  const api = new FakeApi();
  api.details[9] = { launchable, status: launchable ? 'COMPLETED' : 'FAILED' };
  const model = new EnvironmentsModel({ api });
  const ended: number[] = [];
  const used: unknown[] = [];
  const notebook = {
    isDisposed,
    recorded: { build_id: 7 },
    use: async (to: IBuildReference) => {
      used.push(to);
    }
  } as unknown as NotebookBuild;
  const offering = new Offering({
    api: {
      rebuildNotebook: async () => {
        model.running.follow(BEGUN);
        return BEGUN;
      }
    },
    model,
    trans: nullTranslator.load('conda_store_labext'),
    ended: ({ id }) => ended.push(id)
  });
  return { model, notebook, offering, ended, used };
}

const shown = () => Notification.manager.notifications;

afterEach(() => Notification.dismiss());

describe('Offering', () => {
  it('tells of the build that it began, and offers to run on it', async () => {
    const { model, notebook, offering, ended, used } = make(true);
    await offering.rebuild(notebook);
    expect(shown().map(({ message }) => message)).toEqual([
      'default/data #9 is being built.'
    ]);
    expect(model.running.isClaimed(9)).toBe(true);

    await model.running.refresh();
    const [told] = shown();
    expect(shown()).toHaveLength(1);
    expect(told.message).toBe('default/data #9 is built.');
    const [action] = told.options.actions ?? [];
    expect(action.label).toBe('Run on #9');
    action.callback(new MouseEvent('click'));
    const reference = { namespace: 'default', environment: 'data' };
    expect(used).toEqual([{ ...reference, build_id: 9 }]);
    expect(ended).toEqual([]);
  });

  it.each([
    [false, false],
    [true, true]
  ])(
    'leaves it to others where there is nothing to offer: %s %s',
    async (launchable, closed) => {
      const { model, notebook, offering, ended } = make(launchable, closed);
      await offering.rebuild(notebook);
      await model.running.refresh();
      expect([shown(), ended]).toEqual([[], [9]]);
    }
  );

  it('says what cannot be done', async () => {
    const { notebook, offering } = make(true);
    notebook.use = () => Promise.reject(UNREACHABLE);
    await offering.use(notebook, 'kernel');
    expect(shown()[0].message).toBe(UNREACHABLE.message);
  });
});
