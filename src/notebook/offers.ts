/** Shows what is offered for a notebook, does it, and reports the outcome. */

import type { ISessionContext } from '@jupyterlab/apputils';
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { buildName } from '../api/names';
import type { INotebookApi } from '../api';
import type { EnvironmentsModel } from '../model';
import { attempt } from '../api/request';
import type { IBuildDetail, IBuildReference, IErrorInfo } from '../tokens';
import type { NotebookBuild } from './build';
import type { IFinding, IOffer } from './findings';
import { Questions } from './questions';

/** The options of the offers. */
export interface IOfferingOptions {
  api: Pick<INotebookApi, 'rebuildNotebook'>;
  model: Pick<EnvironmentsModel, 'running'>;
  dialogs: Pick<ISessionContext.IDialogs, 'selectKernel'>;
  trans: TranslationBundle;
  /** Add packages beside the build that a notebook runs on. */
  add(build: NotebookBuild, packages: string[]): Promise<void>;
  /** Announce the end of a build that was begun for a notebook that is closed by now. */
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
    this._questions = new Questions(_options.trans);
    _options.model.running.ended.connect(this._onEnded, this);
  }

  /** Show a sentence with its offers, as long as the notebook is open. */
  show(build: NotebookBuild, finding: IFinding): void {
    if (build.isDisposed) {
      return;
    }
    const { message, type, offers } = finding;
    const notification = Notification.emit(message, type, {
      autoClose: false,
      actions: offers.map(offer => ({
        label: offer.label,
        callback: () => void this._take(build, finding, offer)
      }))
    });
    build.disposed.connect(() => Notification.dismiss(notification));
  }

  /** Ask what to do with a notebook that has no kernel; whoever does nothing keeps seeing the offers. */
  async ask(build: NotebookBuild, finding: IFinding): Promise<void> {
    const { dialogs } = this._options;
    const { sessionContext } = build;
    const offer = await this._questions.chooseOffer(build.path, finding);
    if (build.isDisposed) {
      return;
    }
    if (offer === 'another') {
      // JupyterLab itself says in a dialog why a kernel does not start.
      await dialogs.selectKernel(sessionContext).catch(() => undefined);
    } else if (offer) {
      await this._take(build, finding, offer);
      return;
    }
    if (!build.isDisposed && sessionContext.hasNoKernel) {
      this.show(build, finding);
    }
  }

  /** Run a notebook on a build or a kernel, and say so if that cannot be done. */
  use(build: NotebookBuild, to: IBuildReference | string): Promise<void> {
    return attempt(notify, () => build.use(to));
  }

  /**
   * Build a notebook's lockfile again; once that is done, running on it is offered.
   *
   * @throws CondaStoreError
   */
  async rebuild(build: NotebookBuild): Promise<void> {
    const { api, model, trans } = this._options;
    const record = build.recorded;
    if (!record) {
      return;
    }
    const begun = await api.rebuildNotebook(record, build.path);
    model.running.claim(begun.id);
    const notification = Notification.emit(
      trans.__(
        '%1 is being built.',
        buildName({ ...begun, build_id: begun.id })
      ),
      'in-progress',
      { autoClose: false }
    );
    this._begun.set(begun.id, { build, notification });
  }

  /** Do what was offered; where that fails, or the notebook is left without a kernel, the offers are shown again. */
  private async _take(
    build: NotebookBuild,
    finding: IFinding,
    offer: IOffer
  ): Promise<void> {
    let failed = false;
    const tell = (error: IErrorInfo) => {
      failed = true;
      notify(error);
    };
    await attempt(tell, () => this._do(build, offer));
    const without =
      offer.run && !build.switching && build.sessionContext.hasNoKernel;
    if (failed || without) {
      this.show(build, finding);
    }
  }

  private async _do(build: NotebookBuild, offer: IOffer): Promise<void> {
    const { add, first } = offer;
    const run = first ? await first() : offer.run;
    if (add) {
      await this._options.add(build, add);
    } else if (run && !build.isDisposed) {
      await build.use(run);
    } else if (!first && !run) {
      await this.rebuild(build);
    }
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
      message: trans.__(
        '%1 is built.',
        buildName({ ...ended, build_id: ended.id })
      ),
      type: 'success',
      offers: [
        {
          label: trans.__('Run on #%1', build_id),
          run: { namespace, environment, build_id }
        }
      ]
    });
  }

  private readonly _questions: Questions;
  private readonly _begun = new Map<number, IBegun>();
}

/** Say in a notification why something cannot be done; what somebody cancelled needs no saying. */
function notify({ code, message }: IErrorInfo): void {
  if (code !== 'cancelled') {
    Notification.error(message, { autoClose: false });
  }
}
