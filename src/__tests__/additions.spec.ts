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
      hides: ''
    },
    {
      name: 'cycler',
      version: '1.0',
      since: '2026-01-01T00:00:00',
      requested: false,
      manager: 'pip',
      source: '',
      hides: ''
    }
  ]
};

/** A notebook whose kernel runs in a build, and what its server was asked. */
function make(list: IAdditionList | null = LIST) {
  const asked: unknown[] = [];
  const looked: string[] = [];
  const sessionContext = {
    session: { kernel: { id: 'k1' } },
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
      return list;
    },
    lacking: async (path: string) => {
      looked.push(path);
      return ['polars>=1'];
    },
    install: async (key: string, packages: string[]) => {
      asked.push([key, ...packages]);
      return job;
    },
    job: async () => ({
      ...job,
      state: 'failed',
      error: { code: 'install_failed', message: 'There is no such package.' }
    }),
    keep: async (_: string, folder: string | null) => ({
      ...LIST,
      kept_for: folder
    })
  } as unknown as IAdditionsApi;
  const additions = new NotebookAdditions(
    build as unknown as NotebookBuild,
    api,
    nullTranslator.load('conda_store_labext')
  );
  const ran = (code: string) => {
    sessionContext.iopubMessage.emit({
      header: { msg_type: 'execute_input' },
      content: { code }
    });
    sessionContext.statusChanged.emit('idle');
  };
  return { additions, asked, build, looked, ran };
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
  expect(asked).toContainEqual(['0badc0de-7', 'no-such']);
  expect(additions.installing).toBe('');
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
