/** The outcome of the offers: a rebuilt lockfile ends in one to run on it. */

import { Dialog, Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { EnvironmentsModel } from '../model';
import { CondaStoreError } from '../api/request';
import type { IFinding, IOffer, NotebookBuild } from '../notebook';
import { Offering } from '../notebook';
import type { IBuildDetail, IBuildReference } from '../tokens';
import { build, detail, FakeApi, UNREACHABLE } from './fake';
import { drawnByJupyterLab } from './fake/drawing';

const BEGUN: IBuildDetail = {
  ...detail(build(9, { status: 'QUEUED' })),
  artifacts: []
};

/** A notebook whose build was deleted, and what its offers did. */
function make(
  launchable: boolean,
  isDisposed = false,
  selects: () => Promise<void> = async () => undefined
) {
  const api = new FakeApi();
  api.details[9] = { launchable, status: launchable ? 'COMPLETED' : 'FAILED' };
  const model = new EnvironmentsModel({ api });
  const ended: number[] = [];
  const used: unknown[] = [];
  const closed = new Signal<object, void>({});
  const sessionContext = { hasNoKernel: true };
  const notebook = {
    isDisposed,
    path: 'work/report.ipynb',
    recorded: { build_id: 7 },
    disposed: closed,
    sessionContext,
    use: async (to: IBuildReference) => {
      used.push(to);
      sessionContext.hasNoKernel = false;
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
    dialogs: {
      selectKernel: async () => {
        used.push('dialog');
        await selects();
      }
    },
    trans: nullTranslator.load('conda_store_labext'),
    add: async (_, packages) => {
      used.push(packages);
    },
    ended: ({ id }) => ended.push(id)
  });
  return { closed, model, notebook, offering, ended, used };
}

const offer = (label: string, run: IOffer['run']): IOffer => ({ label, run });

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
    const [notification] = shown();
    expect(shown()).toHaveLength(1);
    expect(notification.message).toBe('default/data #9 is built.');
    const [action] = notification.options.actions ?? [];
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

  it('says nothing of what somebody stopped', async () => {
    const { notebook, offering } = make(true);
    const stopped = new CondaStoreError('cancelled', 'It was cancelled.');
    notebook.use = () => Promise.reject(stopped);
    await offering.use(notebook, 'kernel');
    expect(shown()).toEqual([]);
  });
});

describe('The question for a notebook without a kernel', () => {
  const run = { namespace: 'default', environment: 'data', build_id: 9 };
  const FINDING: IFinding = {
    message: 'default/data #7 was superseded.',
    type: 'warning',
    offers: [offer('Switch to #9', run), offer('Run on #7', 'old')]
  };

  /** Press a button of the dialog that is open; each in turn, until none is. */
  async function answer(label: string): Promise<string[]> {
    const labels = () =>
      [...document.querySelectorAll('.jp-Dialog button')].map(
        button => button.textContent ?? ''
      );
    while (!labels().length) {
      await new Promise(resolve => setTimeout(resolve));
    }
    const all = labels();
    document
      .querySelectorAll<HTMLElement>('.jp-Dialog button')
      [all.indexOf(label)].click();
    return all;
  }

  drawnByJupyterLab();
  afterEach(() => Dialog.flush());

  it('has the offers in it, the first of them for the Enter key', async () => {
    const { notebook, offering, used } = make(true);
    const asked = offering.ask(notebook, FINDING);
    expect(await answer('Switch to #9')).toEqual([
      'No Kernel',
      'Another Kernel…',
      'Run on #7',
      'Switch to #9'
    ]);
    await asked;
    expect([used, shown()]).toEqual([[run], []]);
  });

  it.each([
    ['cannot be had', UNREACHABLE, [UNREACHABLE.message]],
    ['was cancelled', new CondaStoreError('cancelled', 'It was cancelled.'), []]
  ])(
    'comes back as a notification when the build %s',
    async (_, error, said) => {
      const { notebook, offering, used } = make(true);
      const { use } = notebook;
      notebook.use = () => Promise.reject(error);
      const asked = offering.ask(notebook, FINDING);
      await answer('Switch to #9');
      await asked;
      const messages = shown().map(({ message }) => message);
      expect(new Set(messages)).toEqual(new Set([FINDING.message, ...said]));
      // And again from there, until it works.
      const again = shown().find(({ message }) => message === FINDING.message)!;
      notebook.use = use;
      again.options.actions![0].callback(new MouseEvent('click'));
      expect(used).toEqual([run]);
    }
  );

  it('leads to JupyterLab’s list', async () => {
    const { notebook, offering, used } = make(true);
    const asked = offering.ask(notebook, FINDING);
    await answer('Another Kernel…');
    await asked;
    expect(used).toEqual(['dialog']);
  });

  it('is followed by the offers where the kernel of that list does not start', async () => {
    const fails = () => Promise.reject(new Error('Disposed'));
    const { notebook, offering } = make(true, false, fails);
    const asked = offering.ask(notebook, FINDING);
    await answer('Another Kernel…');
    await asked;
    expect(shown().map(({ message }) => message)).toEqual([FINDING.message]);
  });

  it('leaves the offers in sight where nothing was chosen, until the notebook is closed', async () => {
    const { closed, notebook, offering, used } = make(true);
    const asked = offering.ask(notebook, FINDING);
    await answer('No Kernel');
    await asked;
    expect([used, shown().length]).toEqual([[], 1]);
    closed.emit();
    expect(shown()).toEqual([]);
  });
});
