/** The offers made before a notebook's kernel starts from the environment of its folder, where that cannot be. */

import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IJob, IProvidersApi } from '../api/providers';
import { CondaStoreError } from '../api/request';
import type { Jobs } from '../model/machine';
import type { IFinding, IOffer } from './findings';

/** The kernel that starts from the environment of the notebook's folder. */
export const FOLDER_KERNEL = 'conda-store-folder';

/** The provider that makes virtual environments. */
const MACHINE = 'machine';

/** The files of which conda-store builds an environment. */
const OF_CONDA = /\.ya?ml$/;

/** The options of the offers. */
export interface IFolderKernelOptions {
  api: Pick<
    IProvidersApi,
    'change' | 'create' | 'folderEnvironment' | 'recreate' | 'trust'
  >;
  jobs: Pick<Jobs, 'end'>;
  /** Have conda-store build a file; null where that has no page. */
  build: ((path: string) => Promise<void>) | null;
  trans: TranslationBundle;
}

/** Looks at the environment of a notebook's folder, and makes it what it should be. */
export class FolderKernel {
  constructor(private readonly _options: IFolderKernelOptions) {}

  /** Return the finding for the notebook at a path; null where its kernel can be started. */
  async find(path: string): Promise<IFinding | null> {
    const { api, trans } = this._options;
    const { environment, problem, file } = await api.folderEnvironment(path);
    if (!problem) {
      return null;
    }
    if (!environment) {
      const message = trans.__(
        'There is no environment in the folder of %1, or above it.',
        PathExt.basename(path)
      );
      const offers = file === null ? [] : this._ofFile(file);
      return { message, type: 'warning', offers };
    }
    if (problem.code === 'not_trusted') {
      const trusting = async () => {
        await api.trust(environment);
        return FOLDER_KERNEL;
      };
      const offer = { label: trans.__('Trust and Run'), first: trusting };
      return { message: problem.message, type: 'warning', offers: [offer] };
    }
    const message = trans.__(
      '%1 cannot be launched. %2',
      environment.display_name,
      problem.message
    );
    const offers: IOffer[] = [];
    if (problem.code === 'python_gone') {
      offers.push({
        label: trans.__('Recreate'),
        first: () => this._done(api.recreate(environment))
      });
    } else if (problem.code === 'no_kernel') {
      offers.push({
        label: trans.__('Add ipykernel'),
        first: () => this._done(api.change(environment, { add: ['ipykernel'] }))
      });
    }
    return { message, type: 'warning', offers };
  }

  private _ofFile(file: string): IOffer[] {
    const { api, build, trans } = this._options;
    const name = PathExt.basename(file);
    if (!OF_CONDA.test(name)) {
      const wanted = { folder: PathExt.dirname(file), file };
      const label = trans.__('Create It from %1', name);
      return [{ label, first: () => this._done(api.create(MACHINE, wanted)) }];
    }
    const building = async () => {
      await build?.(file);
      return null;
    };
    const label = trans.__('Build %1 in conda-store…', name);
    return build ? [{ label, first: building }] : [];
  }

  /** Wait until a job has ended; return the kernel to start then. */
  private async _done(begun: Promise<IJob>): Promise<string | null> {
    const { jobs, trans } = this._options;
    const job = await begun;
    const notification = Notification.emit(
      trans.__('The environment is being made. The panel shows its progress.'),
      'in-progress',
      { autoClose: false }
    );
    try {
      const { state, error } = await jobs.end(job);
      if (error) {
        throw new CondaStoreError(error.code, error.message);
      }
      return state === 'ready' ? FOLDER_KERNEL : null;
    } finally {
      Notification.dismiss(notification);
    }
  }
}
