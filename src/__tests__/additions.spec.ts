/** The packages added beside a notebook's build: looked at when something may have been installed, and kept. */

import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import type { IAdditionList, IAdditionsApi } from '../api/additions';
import { missingModule, NotebookAdditions } from '../notebook';
import type { NotebookBuild } from '../notebook';

const LIST: IAdditionList = {
  server: 'http://store',
  namespace: 'default',
  environment: 'data',
  build_id: 7,
  key: '0badc0de-7',
  prefix: '/data/o/0badc0de-7',
  kept_for: null,
  additions: [
    {
      name: 'seaborn',
      version: '0.13.2',
      since: '2026-01-01T00:00:00',
      requested: true,
      manager: 'pip',
      source: '',
      hides: '',
      modules: []
    },
    {
      name: 'cycler',
      version: '1.0',
      since: '2026-01-01T00:00:00',
      requested: false,
      manager: 'pip',
      source: '',
      hides: '',
      modules: []
    }
  ]
};

const FAILED = {
  code: 'install_failed',
  message: 'There is no such package.'
};

/** A notebook whose kernel runs in a build, and what its server was asked. */
function make(
  list: IAdditionList | null = LIST,
  { agrees = false, error = FAILED, kernel = { id: 'k1' } as object } = {}
) {
  const asked: unknown[] = [];
  const looked: string[] = [];
  const lists: IAdditionList[] = [];
  const sessionContext = {
    session: { kernel },
    iopubMessage: new Signal<object, unknown>({}),
    statusChanged: new Signal<object, string>({})
  };
  const build = {
    sessionContext,
    running: { build_id: 7 },
    added: null,
    path: 'work/report.ipynb',
    isDisposed: false,
    stateChanged: new Signal<object, void>({}),
    disposed: new Signal<object, void>({})
  };
  const job = { id: 'j', state: 'running', error: null, log: '' };
  const api = {
    ofKernel: async (id: string) => {
      asked.push(id);
      return lists.shift() ?? list;
    },
    lacking: async (path: string) => {
      looked.push(path);
      return ['polars>=1'];
    },
    install: async (key: string, packages: string[], hide: boolean) => {
      asked.push([key, ...packages, hide]);
      return hide ? { ...job, state: 'ready' } : job;
    },
    job: async () => ({ ...job, state: 'failed', error }),
    keep: async (_: string, folder: string | null) => ({
      ...LIST,
      kept_for: folder
    })
  } as unknown as IAdditionsApi;
  const additions = new NotebookAdditions(
    build as unknown as NotebookBuild,
    api,
    nullTranslator.load('conda_store_labext'),
    async message => {
      asked.push(message);
      return agrees;
    }
  );
  const ran = (code: string) => {
    sessionContext.iopubMessage.emit({
      header: { msg_type: 'execute_input' },
      content: { code }
    });
    sessionContext.statusChanged.emit('idle');
  };
  return { additions, asked, build, lists, looked, ran };
}

const settled = () => new Promise(resolve => setTimeout(resolve, 0));

it('the server is asked once for a build, and when a cell may have installed something', async () => {
  const { additions, asked, build, ran } = make();
  build.stateChanged.emit();
  build.stateChanged.emit();
  await settled();
  expect(asked).toEqual(['k1']);
  expect(additions.requested.map(({ name }) => name)).toEqual(['seaborn']);
  expect(build.added).toEqual({ additions: ['seaborn==0.13.2'] });
  ran('1 + 1');
  ran('%pip install cycler');
  await settled();
  expect(asked).toEqual(['k1', 'k1']);
});

it('what its own block asks for is looked for once for each kernel', async () => {
  const { additions, build, looked } = make();
  const wanted: string[][] = [];
  additions.wanted.connect((_, packages) => wanted.push(packages));
  build.stateChanged.emit();
  build.stateChanged.emit();
  await settled();
  expect(looked).toEqual(['work/report.ipynb']);
  expect(wanted).toEqual([['polars>=1']]);
});

it('what cannot be installed is said, and nothing is shown to be under way then', async () => {
  const { additions, asked } = make();
  await expect(additions.install(['no-such'])).rejects.toThrow(
    'There is no such package.'
  );
  expect(asked).toContainEqual(['0badc0de-7', 'no-such', false]);
  expect(additions.installing).toBe('');
});

it.each([true, false])(
  'a package of the environment is hidden only after a yes (%s)',
  async agrees => {
    const error = { code: 'hides_packages', message: 'It would hide numpy.' };
    const { additions, asked } = make(LIST, { agrees, error });
    const done = additions.install(['old']).then(
      () => 'done',
      reason => reason.code
    );
    expect(await done).toBe(agrees ? 'done' : 'cancelled');
    expect(asked).toContain('It would hide numpy.');
    const hidden = asked.some(
      each => JSON.stringify(each) === '["0badc0de-7","old",true]'
    );
    expect(hidden).toBe(agrees);
  }
);

describe('After a cell that installs', () => {
  const [seaborn] = LIST.additions;
  const numpy = { ...seaborn, name: 'numpy', modules: ['numpy'] };
  const withNumpy = (version: string, hides = '') => ({
    ...LIST,
    additions: [...LIST.additions, { ...numpy, version, hides }]
  });

  /** A kernel that has these modules loaded, and the expressions it was asked. */
  function kernel(modules: string, language = 'python') {
    const expressions: string[] = [];
    const connection = {
      id: 'k1',
      info: Promise.resolve({ language_info: { name: language } }),
      requestExecute: (wanted: { user_expressions: { modules: string } }) => {
        expressions.push(wanted.user_expressions.modules);
        const data = { 'text/plain': modules };
        const content = { user_expressions: { modules: { data } } };
        return { done: Promise.resolve({ content }) };
      }
    };
    return { connection, expressions };
  }

  /** What is said where the kernel has these modules loaded and these lists follow each other. */
  async function said(
    modules: string,
    before: IAdditionList,
    now: IAdditionList,
    language?: string
  ) {
    const { connection, expressions } = kernel(modules, language);
    const { additions, build, lists, ran } = make(LIST, { kernel: connection });
    lists.push(before, now);
    const told: unknown[] = [];
    additions.shadowing.connect((_, { hidden, loaded }) =>
      told.push(
        hidden.map(({ name }) => name),
        loaded
      )
    );
    build.stateChanged.emit();
    await settled();
    ran('%pip install numpy');
    await settled();
    await settled();
    return { told, expressions };
  }

  it.each([
    [
      'the environment’s is loaded',
      "[('numpy', '2.3.5', False)]",
      LIST,
      withNumpy('2.2.6', '2.3.5'),
      [['numpy'], [{ name: 'numpy', loaded: '2.3.5', installed: '2.2.6' }]]
    ],
    [
      'an earlier addition is loaded',
      "[('numpy', '2.1.0', True)]",
      withNumpy('2.1.0'),
      withNumpy('2.2.6'),
      [[], [{ name: 'numpy', loaded: '2.1.0', installed: '2.2.6' }]]
    ],
    [
      'nothing of it is loaded',
      '[]',
      LIST,
      withNumpy('2.2.6', '2.3.5'),
      [['numpy'], []]
    ],
    [
      'it was imported after that',
      "[('numpy', '2.2.6', True)]",
      LIST,
      withNumpy('2.2.6'),
      []
    ],
    [
      'nothing was added',
      "[('numpy', '2.3.5', False)]",
      withNumpy('2.2.6', '2.3.5'),
      withNumpy('2.2.6', '2.3.5'),
      []
    ]
  ])('where %s, it is said so', async (_, modules, before, now, expected) => {
    expect((await said(modules, before, now)).told).toEqual(expected);
  });

  it('the kernel is asked for what was added alone, and one of another language for nothing', async () => {
    const now = withNumpy('2.2.6', '2.3.5');
    const { expressions } = await said('[]', LIST, now);
    expect(expressions).toHaveLength(1);
    expect(expressions[0]).toContain('if n in ["numpy"]');
    expect((await said('[]', LIST, now, 'R')).expressions).toEqual([]);
  });
});

it('additions are kept for the folder of the notebook', async () => {
  const { additions } = make();
  await additions.keep(true);
  expect(additions.list?.kept_for).toBe('work');
  await additions.keep(false);
  expect(additions.list?.kept_for).toBeNull();
});

it('a cell lacks the module that its error names', () => {
  const cell = (ename: string, evalue: string) => ({
    model: { toJSON: () => ({ outputs: [{ text: '' }, { ename, evalue }] }) }
  });
  const of = (ename: string, evalue: string) =>
    missingModule(
      cell(ename, evalue) as unknown as Parameters<typeof missingModule>[0]
    );
  expect(of('ModuleNotFoundError', "No module named 'cv2'")).toBe('cv2');
  expect(of('ModuleNotFoundError', "No module named 'a.b'; 'a' is none")).toBe(
    'a.b'
  );
  expect(of('ModuleNotFoundError', "No module named '; rm -rf'")).toBeNull();
  expect(of('NameError', "No module named 'cv2'")).toBeNull();
});
