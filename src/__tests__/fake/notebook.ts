/** A notebook with a real session context on mocked kernels, and what its parts were asked. */

import { SessionContext } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import {
  KernelSpecManagerMock,
  SessionManagerMock
} from '@jupyterlab/services/lib/testutils';
import { Signal } from '@lumino/signaling';
import type { INotebookApi } from '../../api';
import { EnvironmentsModel } from '../../model';
import { NotebookBuild } from '../../notebook';
import type { IBuildReference, IKernel } from '../../tokens';
import { FakeApi } from './api';

/** A panel as far as `NotebookBuild` looks at it. */
export function notebook(preference: object = {}) {
  const sessionContext = new SessionContext({
    kernelManager: undefined as never,
    sessionManager: new SessionManagerMock(),
    specsManager: new KernelSpecManagerMock(),
    path: 'work/report.ipynb',
    kernelPreference: { shouldStart: true, canStart: true, ...preference }
  });
  // A mocked session cannot change its kernel: it ends, and another one starts.
  const change = sessionContext.changeKernel;
  sessionContext.changeKernel = async options => {
    if (sessionContext.session) {
      await sessionContext.shutdown();
    }
    return change.call(sessionContext, options);
  };
  const panel = {
    sessionContext,
    isDisposed: false,
    content: {
      model: {
        cells: [] as object[],
        getMetadata: () => undefined,
        setMetadata: () => undefined
      }
    },
    context: {
      ready: Promise.resolve(),
      localPath: 'work/report.ipynb',
      saveState: new Signal({})
    },
    disposed: new Signal<object, void>({})
  };
  return { panel: panel as typeof panel & NotebookPanel, sessionContext };
}

/** Its build: `asked` tells of each question whether the kernel was busy, which `answer` answers. */
export function notebookBuild(
  answer = true,
  preference: object = {},
  routes: Partial<INotebookApi> = {}
) {
  const { panel, sessionContext } = notebook(preference);
  const api = new FakeApi();
  const asked: boolean[] = [];
  const fetched: (number | null)[] = [];
  /** The step that is taken while a build is being fetched. */
  const during: { fetch(): Promise<void> } = { fetch: async () => undefined };
  const build = new NotebookBuild({
    panel,
    api: {
      notebookRecord: () => Promise.reject(new Error('no record')),
      namedKernel: () => Promise.reject(new Error('no such name')),
      notebookStatus: () => Promise.reject(new Error('no status')),
      rebuildNotebook: () => Promise.reject(new Error('no rebuild')),
      folder: () => Promise.reject(new Error('no folder')),
      ...routes
    },
    model: new EnvironmentsModel({ api }),
    kernel: async (reference: IBuildReference): Promise<IKernel> => {
      fetched.push(reference.build_id);
      await during.fetch();
      return {
        name: `conda-store-${reference.build_id}`,
        display_name: '',
        language: 'python'
      };
    },
    confirm: async busy => {
      asked.push(busy);
      return answer;
    }
  });
  const kernel = () => sessionContext.session?.kernel?.name ?? null;
  return { asked, build, during, fetched, kernel, panel, sessionContext };
}

/** Have a notebook's kernel run something. */
export function runSomething(sessionContext: SessionContext): void {
  const message = { header: { msg_type: 'execute_input' }, content: {} };
  (sessionContext.iopubMessage as Signal<unknown, unknown>).emit(message);
}
