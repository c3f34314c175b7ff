/** Shows what is offered for a notebook, does it, and tells what came of it. */

import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { INotebookApi } from '../api';
import type { EnvironmentsModel } from '../model';
import { toErrorInfo } from '../api/request';
import type { IBuildDetail, IBuildReference } from '../tokens';
import type { NotebookBuild } from './build';
import type { IFinding } from './findings';

/** What the offers work with. */
export interface IOfferingOptions {
  api: Pick<INotebookApi, 'rebuildNotebook'>;
  model: Pick<EnvironmentsModel, 'running'>;
  trans: TranslationBundle;
  /** Tell that a build has ended which was begun for a notebook that is closed by now. */
  ended(build: IBuildDetail): void;
}

/** A build that was begun for a notebook. */
interface IBegun {
  build: NotebookBuild;
  /** The notification that says so. */
  notification: string;
}

/** The offers of all notebooks. */
export class Offering {
  constructor(private readonly _options: IOfferingOptions) {
    _options.model.running.ended.connect(this._onEnded, this);
  }

  /** Show a sentence with its offers. */
  show(build: NotebookBuild, { message, type, offers }: IFinding): void {
    Notification.emit(message, type, {
      autoClose: false,
      actions: offers.map(({ label, run }) => ({
        label,
        callback: () => {
          void (run ? this.use(build, run) : this.rebuild(build));
        }
      }))
    });
  }

  /** Run a notebook on a build or a kernel, and say so if that cannot be done. */
  use(build: NotebookBuild, to: IBuildReference | string): Promise<void> {
    return attempt(() => build.use(to));
  }

  /** Build a notebook's lockfile again; once that is done, running on it is offered. */
  rebuild(build: NotebookBuild): Promise<void> {
    const { api, model, trans } = this._options;
    return attempt(async () => {
      const record = build.recorded;
      if (!record) {
        return;
      }
      const begun = await api.rebuildNotebook(record, build.path);
      model.running.claim(begun.id);
      const notification = Notification.emit(
        trans.__('%1 is being built.', nameOf(begun)),
        'in-progress',
        { autoClose: false }
      );
      this._begun.set(begun.id, { build, notification });
    });
  }

  private _onEnded(_: unknown, ended: IBuildDetail): void {
    const begun = this._begun.get(ended.id);
    if (!begun) {
      return;
    }
    this._begun.delete(ended.id);
    Notification.dismiss(begun.notification);
    if (begun.build.isDisposed || !ended.launchable) {
      this._options.ended(ended);
      return;
    }
    const { trans } = this._options;
    const { namespace, environment, id: build_id } = ended;
    this.show(begun.build, {
      message: trans.__('%1 is built.', nameOf(ended)),
      type: 'success',
      offers: [
        {
          label: trans.__('Run on #%1', build_id),
          run: { namespace, environment, build_id }
        }
      ]
    });
  }

  private readonly _begun = new Map<number, IBegun>();
}

/** Do it, and say so if it cannot be done. */
async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (reason) {
    Notification.error(toErrorInfo(reason).message, { autoClose: false });
  }
}

/** A build as a notebook shows it. */
function nameOf({ namespace, environment, id }: IBuildDetail): string {
  return `${namespace}/${environment} #${id}`;
}
