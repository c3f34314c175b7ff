/** Starts a notebook that names no kernel on the environment of its folder. */

import type { ISessionContext } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { INotebookApi } from '../api';
import { CondaStoreError, toErrorInfo } from '../api/request';
import type { IBuildReference, IKernel } from '../tokens';
import { METADATA } from './record';
import { nearest, parseReference } from './reference';

/** Milliseconds after which it is taken that a folder has no environment. */
const LOOK_TIME = 3000;

/** The options of starting on a folder's environment. */
export interface IFolderOptions {
  api: Pick<INotebookApi, 'folder'>;
  contents: Pick<Contents.IManager, 'driveName' | 'localPath'>;
  dialogs: Pick<ISessionContext.IDialogs, 'selectKernel'>;
  trans: TranslationBundle;
  /** The setting, once it is loaded: builds as people name them, by folder. */
  folders(): Promise<Readonly<Record<string, string>>>;
  /** A kernel of a build, which is fetched if need be; null when nobody wanted to choose one. */
  kernel(build: IBuildReference): Promise<IKernel | null>;
  /** Told which build is being fetched and started, and null once that has ended. */
  starting(build: IBuildReference | null): void;
  /** Told what cannot be done. */
  failed(build: IBuildReference | null, reason: unknown): void;
}

/**
 * Have a notebook that was opened just now start on its folder's environment, if it names no kernel.
 *
 * JupyterLab asks its session to start a kernel once the notebook is loaded; this answers in its place, and only
 * where a folder has an environment. What was chosen meanwhile stays.
 */
export function startInFolder(
  panel: NotebookPanel,
  options: IFolderOptions
): void {
  const { sessionContext } = panel;
  const { name, id } = sessionContext.kernelPreference;
  if (name || id || sessionContext.isReady) {
    return;
  }
  const original = sessionContext.startKernel;
  const start = () => original.call(sessionContext);
  const restore = () => {
    sessionContext.startKernel = original;
  };

  const fetch = async (build: IBuildReference): Promise<boolean> => {
    options.starting(build);
    let kernel: IKernel | null = null;
    try {
      kernel = await options.kernel(build);
    } catch (reason) {
      if (toErrorInfo(reason).code !== 'cancelled') {
        options.failed(build, reason);
      }
    }
    restore();
    try {
      if (!panel.isDisposed && sessionContext.hasNoKernel) {
        const started = kernel && (await starts(sessionContext, kernel.name));
        if (!started && (kernel || (await start()))) {
          // JupyterLab itself says in a dialog why a kernel does not start.
          await options.dialogs
            .selectKernel(sessionContext)
            .catch(() => undefined);
        }
      }
    } finally {
      options.starting(null);
    }
    return false;
  };

  let lookup: Promise<IBuildReference | null> | null = null;
  let fetched: Promise<boolean> | null = null;
  sessionContext.startKernel = async () => {
    lookup ??= namesNothing(panel) ? folderBuild(panel, options) : null;
    const build = await lookup;
    if (!build) {
      restore();
      return start();
    }
    fetched ??= fetch(build);
    // A cell that is run meanwhile waits; JupyterLab itself, of which the kernel's start is a part, must not.
    return sessionContext.isReady ? fetched : false;
  };
}

/** Tell whether the kernel starts; JupyterLab itself says why it doesn't. */
async function starts(
  sessionContext: ISessionContext,
  name: string
): Promise<boolean> {
  try {
    await sessionContext.changeKernel({ name });
    return true;
  } catch {
    return false;
  }
}

/** Tell whether a loaded notebook names neither a kernel nor a language nor a build, and may have a kernel. */
function namesNothing(panel: NotebookPanel): boolean {
  const { session, kernelPreference } = panel.sessionContext;
  const { name, id, language, shouldStart, canStart } = kernelPreference;
  return (
    !session &&
    ![name, id, language].some(value => value) &&
    ![shouldStart, canStart].includes(false) &&
    !panel.context.model.getMetadata(METADATA)
  );
}

/** The environment of a notebook's folder; null for none, also when that takes too long. */
async function folderBuild(
  panel: NotebookPanel,
  options: IFolderOptions
): Promise<IBuildReference | null> {
  const { path } = panel.context;
  // Only the Jupyter server's own files, and the same shared by several people, have folders there.
  if (!['', 'RTC'].includes(options.contents.driveName(path))) {
    return null;
  }
  const folder = PathExt.dirname(options.contents.localPath(path));
  let timer = 0;
  const late = new Promise<null>(resolve => {
    timer = window.setTimeout(() => resolve(null), LOOK_TIME);
  });
  try {
    return await Promise.race([configuredBuild(folder, options), late]);
  } catch (reason) {
    // What somebody wrote that is not understood; any other failure is as good as none.
    if (toErrorInfo(reason).code === 'invalid_request') {
      options.failed(null, reason);
    }
    return null;
  } finally {
    window.clearTimeout(timer);
  }
}

/** Return the build that the nearest file names, or the setting where there is none. */
async function configuredBuild(
  folder: string,
  { api, trans, folders }: IFolderOptions
): Promise<IBuildReference | null> {
  const { namespace, environment, build_id } = await api.folder(folder);
  if (namespace && environment) {
    return { namespace, environment, build_id };
  }
  const text = nearest(await folders(), folder);
  const build = parseReference(text);
  if (text && !build) {
    throw new CondaStoreError(
      'invalid_request',
      trans.__(
        'The setting of folders says "%1", which is not the name of an environment; write namespace/name or namespace/name:build.',
        text
      )
    );
  }
  return build;
}
