/** Changes of the server as commands: their target, the question before, and what follows. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { LabIcon } from '@jupyterlab/ui-components';
import { fullName } from '../api/names';
import { toErrorInfo } from '../api/request';
import type { EnvironmentPageModel, EnvironmentsModel } from '../model';
import type {
  Action,
  IBuildReference,
  IEnvironment,
  ILocalCopy
} from '../tokens';
import type { IAnswer, ICopiesAtStake } from './questions';
import { BUILD_ARGS, targetOf } from './target';

/** An environment's page as far as the commands need it. */
export interface IPage {
  readonly model: EnvironmentPageModel;
  readonly isVisible: boolean;
  close(): void;
}

/** The options of changes. */
export interface IChangesOptions {
  app: JupyterFrontEnd;
  model: EnvironmentsModel;
  /** The page of an environment, if it is open. */
  page: (target: IBuildReference) => IPage | undefined;
}

/** A change on the server: what is done to what, and what is asked before. */
export interface IChange<T extends IBuildReference> {
  readonly label: string;
  readonly caption: string;
  readonly icon: LabIcon;
  /** The action that the user must be allowed to take. */
  readonly action: Action;
  /** Return the target of the change, from the one that was named; null when there is nothing to do. */
  readonly target: (
    named: IBuildReference,
    environment: IEnvironment | undefined
  ) => T | null;
  /** Ask before it is done; without it nobody is asked. */
  readonly confirm?: (target: T) => Promise<IAnswer>;
  readonly call: (target: T) => Promise<unknown>;
  /** The step that follows once it is done. */
  readonly done?: (target: T) => void;
}

/** Makes changes on the server, and keeps the panel, the environment's page and its copies in step. */
export class Changes {
  constructor(private readonly _options: IChangesOptions) {}

  /** Add the command of a change: find its target, ask, do it and clear up. */
  add<T extends IBuildReference>(id: string, change: IChange<T>): void {
    const { app } = this._options;
    const { label, caption, icon, action } = change;
    app.commands.addCommand(id, {
      label,
      caption,
      icon,
      describedBy: { args: BUILD_ARGS },
      // The server has the last word on what is not known here.
      isEnabled: args => {
        const named = targetOf(app, args);
        const environment = named && this.environmentOf(named);
        return !!named && (environment?.may.includes(action) ?? true);
      },
      execute: async args => {
        const named = targetOf(app, args);
        const target = named && change.target(named, this.environmentOf(named));
        if (!target) {
          return;
        }
        const answer = await change.confirm?.(target);
        if (answer && !answer.accept) {
          return;
        }
        if (await this._perform(target, () => change.call(target))) {
          change.done?.(target);
          if (answer?.copies.length) {
            await this._removeCopies(target, answer.copies);
          }
        }
      }
    });
  }

  /** The environment of a build as its page or the panel has it. */
  environmentOf(target: IBuildReference): IEnvironment | undefined {
    const { model, page } = this._options;
    return (
      page(target)?.model.environment ??
      model.environments.find(
        row =>
          row.namespace === target.namespace && row.name === target.environment
      )
    );
  }

  /**
   * The copies of a build, and those of them that a kernel runs on.
   *
   * @param all - Whether those of the environment's other builds count too.
   */
  copiesAtStake(target: IBuildReference, all: boolean): ICopiesAtStake {
    const { app, model } = this._options;
    const running = new Set(
      [...app.serviceManager.kernels.running()].map(kernel => kernel.name)
    );
    const copies = model.copies.all.filter(
      copy =>
        copy.namespace === target.namespace &&
        copy.environment === target.environment &&
        copy.state === 'ready' &&
        (all || copy.build_id === target.build_id)
    );
    return {
      copies,
      inUse: copies.filter(copy =>
        copy.kernels.some(kernel => running.has(kernel.name))
      )
    };
  }

  /** Do it, look again, and say in the page, or where there is none to be seen beside it, if it fails. */
  private async _perform(
    target: IBuildReference,
    action: () => Promise<unknown>
  ): Promise<boolean> {
    const { model, page } = this._options;
    const open = page(target);
    let failure = null;
    if (open) {
      await open.model.act(action);
      failure = open.isVisible ? null : open.model.actions.failure;
    } else {
      failure = await action().then(() => null, toErrorInfo);
    }
    if (failure) {
      Notification.error(`${fullName(target)}: ${failure.message}`, {
        autoClose: false
      });
    }
    await model.refresh();
    const row = this.environmentOf(target);
    if (row && model.folding.isUnfolded(row)) {
      await model.builds.load(target.namespace, target.environment);
    }
    return !failure && !open?.model.actions.failure;
  }

  private async _removeCopies(
    target: IBuildReference,
    copies: ReadonlyArray<ILocalCopy>
  ): Promise<void> {
    const { app, model } = this._options;
    try {
      for (const copy of copies) {
        await model.copies.remove(copy.key);
      }
      await app.serviceManager.kernelspecs.refreshSpecs();
    } catch (reason) {
      const { message } = toErrorInfo(reason);
      Notification.error(`${fullName(target)}: ${message}`, {
        autoClose: false
      });
    }
  }
}
