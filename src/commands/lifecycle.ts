/** The commands that change an environment or its builds on the server. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import {
  buildIcon,
  checkIcon,
  deleteIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IApi } from '../api';
import type { EnvironmentPageModel, EnvironmentsModel } from '../model';
import { toErrorInfo } from '../request';
import type { Action, IBuildReference } from '../tokens';
import { CommandIDs } from '../tokens';
import { nameOf } from './dialogs';
import type { IAnswer, ICopiesAtStake } from './questions';
import {
  confirmActiveBuild,
  confirmBuildDeletion,
  confirmCancelling,
  confirmEnvironmentDeletion
} from './questions';
import { BUILD_ARGS, targetOf } from './target';

/** An environment's page as far as the commands need it. */
export interface IPage {
  readonly model: EnvironmentPageModel;
  readonly isVisible: boolean;
  close(): void;
}

/** What the commands work with. */
export interface ILifecycleOptions {
  app: JupyterFrontEnd;
  api: IApi;
  model: EnvironmentsModel;
  trans: TranslationBundle;
  /** The page of an environment, if it is open. */
  page: (target: IBuildReference) => IPage | undefined;
}

/** Add them; each acts on the build of its arguments, or on the row under the context menu. */
export function addLifecycleCommands(options: ILifecycleOptions): void {
  const { app, api, model, trans, page } = options;
  const { commands, serviceManager } = app;
  type Args = ReadonlyPartialJSONObject;

  const environmentOf = (target: IBuildReference) =>
    page(target)?.model.environment ??
    model.environments.find(
      one =>
        one.namespace === target.namespace && one.name === target.environment
    );

  /** Whether the user may; the server has the last word on what is not known here. */
  const may = (args: Args, action: Action) => {
    const target = targetOf(app, args);
    const environment = target && environmentOf(target);
    return !!target && (environment?.may.includes(action) ?? true);
  };

  /** The target with its active build in the place of none. */
  const buildOf = (args: Args) => {
    const target = targetOf(app, args);
    const build_id =
      target?.build_id ??
      (target && environmentOf(target)?.current_build_id) ??
      null;
    return target && build_id !== null ? { ...target, build_id } : null;
  };

  /** Do it, look again, and say in the page, or where there is none to be seen beside it, if it fails. */
  const perform = async (
    target: IBuildReference,
    action: () => Promise<unknown>
  ): Promise<boolean> => {
    const open = page(target);
    let failure = null;
    if (open) {
      await open.model.act(action);
      failure = open.isVisible ? null : open.model.failure;
    } else {
      failure = await action().then(() => null, toErrorInfo);
    }
    if (failure) {
      Notification.error(`${nameOf(target)}: ${failure.message}`, {
        autoClose: false
      });
    }
    await model.refresh();
    const row = environmentOf(target);
    if (row && model.folding.isUnfolded(row)) {
      await model.builds.load(target.namespace, target.environment);
    }
    return !failure && !open?.model.failure;
  };

  const stakeOf = (target: IBuildReference, all: boolean): ICopiesAtStake => {
    const running = new Set(
      [...serviceManager.kernels.running()].map(kernel => kernel.name)
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
  };

  /** Remove the copies on which no kernel runs. */
  const clearCopies = async (
    target: IBuildReference,
    answer: IAnswer,
    { copies, inUse }: ICopiesAtStake
  ) => {
    if (!answer.removeCopies) {
      return;
    }
    try {
      for (const copy of copies.filter(one => !inUse.includes(one))) {
        await model.copies.remove(copy.key);
      }
      await serviceManager.kernelspecs.refreshSpecs();
    } catch (reason) {
      const { message } = toErrorInfo(reason);
      Notification.error(`${nameOf(target)}: ${message}`, { autoClose: false });
    }
  };

  commands.addCommand(CommandIDs.setActiveBuild, {
    label: trans.__('Set Active…'),
    caption: trans.__('Make this build the one that is launched'),
    icon: checkIcon,
    describedBy: { args: BUILD_ARGS },
    isEnabled: args => may(args, 'edit'),
    execute: async args => {
      const target = targetOf(app, args);
      const build = target?.build_id ?? null;
      const active = target && environmentOf(target)?.current_build_id;
      if (
        target &&
        build !== null &&
        build !== active &&
        (await confirmActiveBuild(target, active ?? null, trans))
      ) {
        const { namespace, environment } = target;
        await perform(target, () =>
          api.updateEnvironment(namespace, environment, {
            current_build_id: build
          })
        );
      }
    }
  });
  commands.addCommand(CommandIDs.rebuild, {
    label: trans.__('Rebuild'),
    caption: trans.__('Build the same specification again'),
    icon: buildIcon,
    describedBy: { args: BUILD_ARGS },
    isEnabled: args => may(args, 'build'),
    execute: async args => {
      const target = buildOf(args);
      if (!target) {
        return;
      }
      const done = await perform(target, () => api.rebuild(target.build_id));
      if (done && !page(target)?.isVisible) {
        Notification.info(
          trans.__('%1 is being built again.', nameOf(target)),
          {
            autoClose: 5000
          }
        );
      }
    }
  });
  commands.addCommand(CommandIDs.cancelBuild, {
    label: trans.__('Cancel the Build…'),
    caption: trans.__('Stop building this environment'),
    icon: stopIcon,
    describedBy: { args: BUILD_ARGS },
    isEnabled: args => may(args, 'cancel'),
    execute: async args => {
      const target = targetOf(app, args);
      const running = target && environmentOf(target)?.running_build_id;
      const build = target?.build_id ?? running ?? null;
      if (
        target &&
        build !== null &&
        (await confirmCancelling({ ...target, build_id: build }, trans))
      ) {
        await perform(target, () => api.cancelBuild(build));
      }
    }
  });
  commands.addCommand(CommandIDs.deleteBuild, {
    label: trans.__('Delete the Build…'),
    caption: trans.__('Delete this build from the server'),
    icon: deleteIcon,
    describedBy: { args: BUILD_ARGS },
    isEnabled: args => may(args, 'delete_build'),
    execute: async args => {
      const target = targetOf(app, args);
      const build = target?.build_id ?? null;
      if (!target || build === null) {
        return;
      }
      const active = environmentOf(target)?.current_build_id === build;
      const stake = stakeOf(target, false);
      const answer = await confirmBuildDeletion(target, active, stake, trans);
      if (!answer.accept) {
        return;
      }
      if (await perform(target, () => api.deleteBuild(build))) {
        page(target)?.model.deleting(build);
        await clearCopies(target, answer, stake);
      }
    }
  });
  commands.addCommand(CommandIDs.deleteEnvironment, {
    label: trans.__('Delete the Environment…'),
    caption: trans.__('Delete this environment from the server'),
    icon: deleteIcon,
    describedBy: { args: BUILD_ARGS },
    isEnabled: args => may(args, 'delete'),
    execute: async args => {
      const target = targetOf(app, args);
      if (!target) {
        return;
      }
      const { namespace, environment } = target;
      const open = page(target);
      const builds = open?.model.builds.count ?? null;
      const stake = stakeOf(target, true);
      const answer = await confirmEnvironmentDeletion(
        target,
        builds,
        stake,
        trans
      );
      if (!answer.accept) {
        return;
      }
      const done = await perform(target, () =>
        api.deleteEnvironment(namespace, environment)
      );
      if (done) {
        open?.close();
        Notification.success(trans.__('%1 was deleted.', nameOf(target)), {
          autoClose: 5000
        });
        await clearCopies(target, answer, stake);
      }
    }
  });
}
