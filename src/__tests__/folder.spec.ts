/** A notebook that names no kernel starts on its folder's environment, in a real session context. */

import { SessionContext } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import {
  KernelSpecManagerMock,
  SessionManagerMock
} from '@jupyterlab/services/lib/testutils';
import { nullTranslator } from '@jupyterlab/translation';
import { PromiseDelegate } from '@lumino/coreutils';
import type { IFolderOptions } from '../notebook';
import { startInFolder } from '../notebook';
import { CondaStoreError } from '../api/request';
import type { IFolderDefault, IKernel } from '../tokens';
import { UNREACHABLE } from './fake';

const NOTHING: IFolderDefault = {
  path: null,
  namespace: null,
  environment: null,
  build_id: null
};
const DATA: IFolderDefault = {
  path: 'work/.conda-store.yml',
  namespace: 'default',
  environment: 'data',
  build_id: null
};
const KERNEL: IKernel = {
  name: 'conda-store-default-data-1-python3',
  display_name: 'default/data #1 (Python)',
  language: 'python'
};

/** A notebook `work/Untitled.ipynb` as Lab opens it; `events` tells in order what happened. */
function open(
  options: Partial<IFolderOptions> = {},
  preference: object = {},
  record: object | undefined = undefined
) {
  const events: string[] = [];
  const sessionContext = new SessionContext({
    kernelManager: undefined as never,
    sessionManager: new SessionManagerMock(),
    specsManager: new KernelSpecManagerMock(),
    path: 'work/Untitled.ipynb',
    kernelPreference: { shouldStart: true, canStart: true, ...preference }
  });
  const panel = {
    sessionContext,
    isDisposed: false,
    context: {
      path: 'work/Untitled.ipynb',
      model: { getMetadata: () => record }
    }
  } as unknown as NotebookPanel;
  startInFolder(panel, {
    api: {
      folder: async path => {
        events.push(`asked ${path}`);
        return DATA;
      }
    },
    contents: { driveName: () => '', localPath: path => path },
    dialogs: {
      selectKernel: async () => {
        events.push('dialog');
      }
    },
    trans: nullTranslator.load('conda_store_labext'),
    folders: async () => ({}),
    kernel: async () => KERNEL,
    starting: build => {
      events.push(build ? `starting ${build.environment}` : 'started');
    },
    failed: (_, reason) => {
      events.push((reason as Error).message);
    },
    ...options
  });
  const kernel = () => sessionContext.session?.kernel?.name ?? null;
  return { sessionContext, events, kernel };
}

/** Until everything that can happen by itself has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    await Promise.resolve();
  }
}

describe('a notebook that names no kernel', () => {
  it('starts on what the folder says, and nobody is to choose', async () => {
    const { sessionContext, events, kernel } = open();
    const { startKernel } = SessionContext.prototype;
    expect(await sessionContext.initialize()).toBe(false);
    await settled();
    expect(kernel()).toBe(KERNEL.name);
    expect(events).toEqual(['asked work', 'starting data', 'started']);
    expect(sessionContext.startKernel).toBe(startKernel);
  });

  it('takes the setting where there is no file, of the nearest folder', async () => {
    const wanted: unknown[] = [];
    const { sessionContext } = open({
      api: { folder: async () => NOTHING },
      folders: async () => ({ '': 'default/top', '/work/': 'team/ml:12' }),
      kernel: async build => {
        wanted.push(build);
        return KERNEL;
      }
    });
    await sessionContext.initialize();
    await settled();
    expect(wanted).toEqual([
      { namespace: 'team', environment: 'ml', build_id: 12 }
    ]);
  });

  it.each([
    ['nothing is said', { api: { folder: async () => NOTHING } }, []],
    [
      'the route fails',
      { api: { folder: () => Promise.reject(UNREACHABLE) } },
      []
    ],
    [
      'a file is not understood, which is told',
      {
        api: {
          folder: () =>
            Promise.reject(new CondaStoreError('invalid_request', 'Odd.'))
        }
      },
      ['Odd.']
    ],
    [
      'its file lies elsewhere',
      { contents: { driveName: () => 's3', localPath: String } },
      []
    ]
  ])('is JupyterLab’s own when %s', async (_, options, expected) => {
    const { sessionContext, events, kernel } = open(options);
    expect(await sessionContext.initialize()).toBe(true);
    await settled();
    expect([kernel(), events]).toEqual([null, expected]);
  });

  it('is JupyterLab’s own when the answer does not come', async () => {
    jest.useFakeTimers();
    const { sessionContext } = open({
      api: { folder: () => new Promise(() => undefined) }
    });
    const asked = sessionContext.initialize();
    await settled();
    jest.runAllTimers();
    jest.useRealTimers();
    expect(await asked).toBe(true);
  });

  it('gets JupyterLab’s dialog after a sentence when the environment cannot be had', async () => {
    const { sessionContext, events } = open({
      kernel: () => Promise.reject(UNREACHABLE)
    });
    expect(await sessionContext.initialize()).toBe(false);
    await settled();
    expect(events.slice(2)).toEqual([UNREACHABLE.message, 'dialog', 'started']);
  });

  it('has nothing to say when the kernel of that dialog does not start', async () => {
    const { sessionContext, events } = open({
      kernel: () => Promise.resolve(null),
      dialogs: { selectKernel: () => Promise.reject(new Error('Disposed')) }
    });
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    try {
      await sessionContext.initialize();
      await new Promise(resolve => setTimeout(resolve));
      expect(events.slice(2)).toEqual(['started']);
      expect(unhandled).not.toHaveBeenCalled();
    } finally {
      process.off('unhandledRejection', unhandled);
    }
  });

  it('gets the dialog alone when the download was cancelled, or no kernel chosen', async () => {
    const cancelled = new CondaStoreError('cancelled', 'Cancelled.');
    for (const kernel of [
      () => Promise.reject(cancelled),
      () => Promise.resolve(null)
    ]) {
      const { sessionContext, events } = open({ kernel });
      await sessionContext.initialize();
      await settled();
      expect(events.slice(2)).toEqual(['dialog', 'started']);
    }
  });

  it('stays on what somebody chose meanwhile', async () => {
    const fetched = new PromiseDelegate<IKernel>();
    const { sessionContext, events, kernel } = open({
      kernel: () => fetched.promise
    });
    await sessionContext.initialize();
    await sessionContext.changeKernel({ name: 'python3' });
    fetched.resolve(KERNEL);
    await settled();
    expect(kernel()).toBe('python3');
    expect(events).not.toContain('dialog');
  });

  it('has a cell that is run meanwhile wait for the kernel', async () => {
    const fetched = new PromiseDelegate<IKernel>();
    const { sessionContext, kernel } = open({ kernel: () => fetched.promise });
    await sessionContext.initialize();
    const run = sessionContext.startKernel();
    fetched.resolve(KERNEL);
    expect(await run).toBe(false);
    expect(kernel()).toBe(KERNEL.name);
  });
});

describe('a notebook that names something', () => {
  it.each([
    ['a kernel', { name: 'irkernel' }, undefined],
    ['a running kernel', { id: 'abc' }, undefined],
    ['a language', { language: 'julia' }, undefined],
    ['no kernel at all', { shouldStart: false }, undefined],
    ['the build that it ran on', {}, { build_id: 7 }]
  ])('is left alone: %s', async (_, preference, record) => {
    const { sessionContext, events, kernel } = open({}, preference, record);
    await sessionContext.initialize();
    await settled();
    expect(events).toEqual([]);
    expect(kernel()).not.toBe(KERNEL.name);
  });
});
