/** Ends the start of a kernel that nobody waits for any more, so that its environment is not downloaded in vain. */

import type { ISessionContext } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { Session } from '@jupyterlab/services';
import type { IStartsApi } from '../api/starts';

/** Milliseconds after which a start that the server did not know of yet is looked for again, and how often. */
const AGAIN = 500;
const TRIES = 20;

/**
 * Looks after the sessions that are being started.
 *
 * Until its kernel runs, a session is at a path of its own in the notebook's folder and has the notebook's name.
 * JupyterLab has nothing to shut down until then: a notebook that is closed, shut down or given another kernel leaves
 * the start to itself.
 */
export class PendingStarts {
  constructor(
    sessions: Session.IManager,
    private readonly _api: IStartsApi
  ) {
    const original = sessions.startNew;
    sessions.startNew = (options, connect) =>
      this._start(options, () => original.call(sessions, options, connect));
  }

  /** End the start for a notebook when it is closed or shut down. */
  watch(sessionContext: ISessionContext): void {
    const end = () => void this._end(notebookOf(sessionContext), TRIES);
    sessionContext.disposed.connect(end);
    sessionContext.statusChanged.connect((_, status) => {
      if (status === 'terminating' && !sessionContext.session) {
        end();
      }
    });
  }

  private async _start(
    options: Session.ISessionOptions,
    start: () => Promise<Session.ISessionConnection>
  ): Promise<Session.ISessionConnection> {
    const notebook = notebookOf(options);
    // Another kernel was chosen: the one before is not waited for.
    await this._end(notebook, 1);
    const pending: IPending = { ended: false, settled: false };
    this._pending.set(notebook, pending);
    try {
      return await start();
    } catch (reason) {
      if (!pending.ended) {
        throw reason;
      }
      return NOTHING;
    } finally {
      pending.settled = true;
      if (this._pending.get(notebook) === pending) {
        this._pending.delete(notebook);
      }
    }
  }

  /** End the start that is pending for a notebook; what goes wrong is no more than a start that goes on. */
  private async _end(notebook: string, tries: number): Promise<void> {
    const pending = this._pending.get(notebook);
    if (!pending || pending.ended) {
      return;
    }
    pending.ended = true;
    try {
      while (tries-- && !pending.settled) {
        if (await this._api.endStarts(notebook)) {
          return;
        }
        await new Promise(resolve => window.setTimeout(resolve, AGAIN));
      }
    } catch (reason) {
      console.warn(reason);
    }
  }

  private readonly _pending = new Map<string, IPending>();
}

/** A session that is being started: whether nobody waits for it, and whether the server has answered. */
interface IPending {
  ended: boolean;
  settled: boolean;
}

/** A session that JupyterLab takes for one that was superseded: it asks it to end. */
const NOTHING = {
  path: 'ended', // unlike any that it waits for
  shutdown: async () => undefined,
  dispose: () => undefined
} as unknown as Session.ISessionConnection;

/** The path that the server knows a session's kernel by. */
function notebookOf({ path, name }: { path: string; name: string }): string {
  return PathExt.join(PathExt.dirname(path), name);
}
