/** Starts of kernels end with the notebooks that wait for them, in real session contexts. */

import { SessionContext } from '@jupyterlab/apputils';
import type { Session } from '@jupyterlab/services';
import {
  KernelSpecManagerMock,
  SessionManagerMock
} from '@jupyterlab/services/lib/testutils';
import { PendingStarts } from '../notebook';

/** A server on which a session comes when it is told to, or its start is ended. */
class Server {
  constructor() {
    const original = this.sessions.startNew;
    this.sessions.startNew = async (options, connect) => {
      this.asked.push(options.kernel?.name ?? '');
      await new Promise<void>((come, fail) => {
        this.come = come;
        this._fail = () => fail(new Error('was ended; start it again'));
      });
      return original.call(this.sessions, options, connect);
    };
    this.starts = new PendingStarts(this.sessions, this);
  }

  async endStarts(path: string): Promise<number> {
    this.ended.push(path);
    if (this.knowsIt) {
      this._fail();
    }
    return this.knowsIt ? 1 : 0;
  }

  /** A notebook that is opened on a kernel. */
  open(): SessionContext {
    const context = new SessionContext({
      kernelManager: undefined as never,
      sessionManager: this.sessions,
      specsManager: new KernelSpecManagerMock(),
      path: 'work/report.ipynb',
      name: 'report.ipynb',
      type: 'notebook',
      kernelPreference: { name: 'python3', shouldStart: true, canStart: true }
    });
    this.starts.watch(context);
    return context;
  }

  readonly sessions: Session.IManager = new SessionManagerMock();
  readonly starts: PendingStarts;
  readonly asked: string[] = [];
  readonly ended: string[] = [];
  knowsIt = true;
  come: () => void = () => undefined;
  private _fail: () => void = () => undefined;
}

/** Wait for something that comes in its own time. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

describe('A start that is pending', () => {
  const shown = () => document.querySelectorAll('.jp-Dialog').length;

  it('ends when its notebook is closed', async () => {
    const server = new Server();
    const context = server.open();
    void context.initialize();
    await until(() => server.asked.length === 1);
    context.dispose();
    await until(() => server.ended.length === 1);
    expect(server.ended).toEqual(['work/report.ipynb']);
    expect(shown()).toBe(0);
  });

  it('ends when its notebook is shut down, and nothing is said to have failed', async () => {
    const server = new Server();
    const context = server.open();
    const initialized = context.initialize();
    await until(() => server.asked.length === 1);
    await context.shutdown();
    await initialized;
    expect(server.ended).toEqual(['work/report.ipynb']);
    expect(context.session).toBeNull();
    expect(shown()).toBe(0);
  });

  it('ends when another kernel is chosen, which then starts', async () => {
    const server = new Server();
    const context = server.open();
    void context.initialize();
    await until(() => server.asked.length === 1);
    const changed = context.changeKernel({ name: 'irkernel' });
    await until(() => server.asked.length === 2);
    expect(server.ended).toEqual(['work/report.ipynb']);
    server.come();
    await changed;
    expect(server.asked).toEqual(['python3', 'irkernel']);
    expect(context.session).not.toBeNull();
  });

  it('is looked for again where the server did not know of it yet', async () => {
    const server = new Server();
    server.knowsIt = false;
    const context = server.open();
    void context.initialize();
    await until(() => server.asked.length === 1);
    context.dispose();
    await until(() => server.ended.length === 1);
    server.knowsIt = true;
    await until(() => server.ended.length === 2);
    expect(server.ended).toHaveLength(2);
  });

  it('goes on where nobody closes anything', async () => {
    const server = new Server();
    const context = server.open();
    const initialized = context.initialize();
    await until(() => server.asked.length === 1);
    server.come();
    await initialized;
    expect(context.session?.path).toBe('work/report.ipynb');
    await context.shutdown();
    expect(server.ended).toEqual([]);
  });
});
