/** Says on opening a notebook what became of its build, before JupyterLab asks for a kernel. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import { PromiseDelegate } from '@lumino/coreutils';
import type { NotebookBuild } from './build';
import type { IFinding } from './findings';

/** Milliseconds after which JupyterLab asks for a kernel without waiting for what there is to say. */
const LOOK_TIME = 3000;

/** The options of opening a notebook. */
export interface IOpeningOptions {
  /** Return the finding to ask about in place of starting the kernel that is wanted; null for none. */
  instead(): Promise<IFinding | null>;
  /** Return the finding to show; null for nothing. */
  find(): Promise<IFinding | null>;
  /** Ask what to do, in JupyterLab's place. */
  ask(finding: IFinding): void;
  /** Say it beside a notebook that has a kernel, or for which JupyterLab asks. */
  show(finding: IFinding): void;
}

/**
 * Say what became of the build of a notebook that was opened just now.
 *
 * JupyterLab asks its session to start a kernel once the notebook is loaded, and asks the user for one where that
 * cannot be done. Where there is something to say that is asked instead, so that there is one question only.
 */
export async function sayOnOpening(
  panel: NotebookPanel,
  build: NotebookBuild,
  options: IOpeningOptions
): Promise<void> {
  const { sessionContext } = panel;
  const finding = new PromiseDelegate<IFinding | null>();
  const asked = new PromiseDelegate<'here' | 'by JupyterLab'>();
  const original = sessionContext.startKernel;
  sessionContext.startKernel = async () => {
    sessionContext.startKernel = original;
    build.kernelUse.isNew();
    const instead = await inTime(options.instead().catch(() => null));
    if (instead && !panel.isDisposed) {
      asked.resolve('here');
      options.ask(instead);
      return false;
    }
    const needed = await original.call(sessionContext);
    if (!needed || panel.isDisposed) {
      return needed;
    }
    const result = await inTime(finding.promise);
    if (!result || panel.isDisposed || !sessionContext.hasNoKernel) {
      asked.resolve('by JupyterLab');
      return sessionContext.hasNoKernel;
    }
    asked.resolve('here');
    options.ask(result);
    // The session must not wait for the answer: it would not take the kernel that is chosen.
    return false;
  };

  await panel.context.ready;
  // What cannot be asked now is said when it is needed.
  finding.resolve(await options.find().catch(() => null));
  const result = await finding.promise;
  const where = await Promise.race([asked.promise, sessionContext.ready]);
  if (result && where !== 'here') {
    options.show(result);
  }
}

/** Return the result of a promise; null where that takes too long. */
async function inTime<T>(promise: Promise<T>): Promise<T | null> {
  let timer = 0;
  const late = new Promise<null>(resolve => {
    timer = window.setTimeout(() => resolve(null), LOOK_TIME);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    window.clearTimeout(timer);
  }
}
