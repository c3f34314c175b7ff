/** The commands that change an environment or its builds on the server. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { LabIcon } from '@jupyterlab/ui-components';
import {
  buildIcon,
  checkIcon,
  deleteIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { fullName } from '../api/names';
import type { IApi } from '../api';
import type { EnvironmentPageModel, EnvironmentsModel } from '../model';
import { toErrorInfo } from '../api/request';
import type {
  Action,
  IBuildReference,
  IEnvironment,
  ILocalCopy
} from '../tokens';
import { CommandIDs } from '../tokens';
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

/** A build that is there. */
interface IBuildTarget extends IBuildReference {
  build_id: number;
}

/** A change on the server: what is done to what, and what is asked before. */
interface IChange<T extends IBuildReference> {
  readonly label: string;
  readonly caption: string;
  readonly icon: LabIcon;
  /** What the user has to have the right to do. */
  readonly action: Action;
  /** What is to change, of what was named; null when there is nothing to do. */
  readonly target: (
    named: IBuildReference,
    environment: IEnvironment | undefined
  ) => T | null;
  /** Ask before it is done; without it nobody is asked. */
  readonly confirm?: (target: T) => Promise<IAnswer>;
  readonly call: (target: T) => Promise<unknown>;
  /** What follows once it is done. */
  readonly done?: (target: T) => void;
}

/** What was named, with a build in the place of none. */
const withBuild = (
  named: IBuildReference,
  fallback: number | null = null
): IBuildTarget | null => {
  const build_id = named.build_id ?? fallback;
  return build_id === null ? null : { ...named, build_id };
};

/** Add them; each acts on the build of its arguments, or on the row under the context menu. */
export function addLifecycleCommands(options: ILifecycleOptions): void {
  const { app, api, model, trans, page } = options;
  const { commands, serviceManager } = app;

  const environmentOf = (target: IBuildReference) =>
    page(target)?.model.environment ??
    model.environments.find(
      one =>
        one.namespace === target.namespace && one.name === target.environment
    );

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
      Notification.error(`${fullName(target)}: ${failure.message}`, {
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

  const removeCopies = async (
    target: IBuildReference,
    copies: ReadonlyArray<ILocalCopy>
  ) => {
    try {
      for (const copy of copies) {
        await model.copies.remove(copy.key);
      }
      await serviceManager.kernelspecs.refreshSpecs();
    } catch (reason) {
      const { message } = toErrorInfo(reason);
      Notification.error(`${fullName(target)}: ${message}`, {
        autoClose: false
      });
    }
  };

  /** Add the command of a change: find its target, ask, do it and clear up. */
  const add = <T extends IBuildReference>(id: string, change: IChange<T>) => {
    const { label, caption, icon, action } = change;
    commands.addCommand(id, {
      label,
      caption,
      icon,
      describedBy: { args: BUILD_ARGS },
      // The server has the last word on what is not known here.
      isEnabled: args => {
        const named = targetOf(app, args);
        const environment = named && environmentOf(named);
        return !!named && (environment?.may.includes(action) ?? true);
      },
      execute: async args => {
        const named = targetOf(app, args);
        const target = named && change.target(named, environmentOf(named));
        if (!target) {
          return;
        }
        const answer = await change.confirm?.(target);
        if (answer && !answer.accept) {
          return;
        }
        if (await perform(target, () => change.call(target))) {
          change.done?.(target);
          if (answer?.copies.length) {
            await removeCopies(target, answer.copies);
          }
        }
      }
    });
  };

  add<IBuildTarget>(CommandIDs.setActiveBuild, {
    label: trans.__('Set Active…'),
    caption: trans.__('Make this build the one that is launched'),
    icon: checkIcon,
    action: 'edit',
    target: (named, environment) =>
      named.build_id === environment?.current_build_id
        ? null
        : withBuild(named),
    confirm: target => {
      const active = environmentOf(target)?.current_build_id ?? null;
      return confirmActiveBuild(target, active, trans);
    },
    call: ({ namespace, environment, build_id }) =>
      api.updateEnvironment(namespace, environment, {
        current_build_id: build_id
      })
  });
  add<IBuildTarget>(CommandIDs.rebuild, {
    label: trans.__('Rebuild'),
    caption: trans.__('Build the same specification again'),
    icon: buildIcon,
    action: 'build',
    target: (named, environment) =>
      withBuild(named, environment?.current_build_id),
    call: ({ build_id }) => api.rebuild(build_id),
    done: target => {
      if (!page(target)?.isVisible) {
        const text = trans.__('%1 is being built again.', fullName(target));
        Notification.info(text, { autoClose: 5000 });
      }
    }
  });
  add<IBuildTarget>(CommandIDs.cancelBuild, {
    label: trans.__('Cancel the Build…'),
    caption: trans.__('Stop building this environment'),
    icon: stopIcon,
    action: 'cancel',
    target: (named, environment) =>
      withBuild(named, environment?.running_build_id),
    confirm: target => confirmCancelling(target, trans),
    call: ({ build_id }) => api.cancelBuild(build_id)
  });
  add<IBuildTarget>(CommandIDs.deleteBuild, {
    label: trans.__('Delete the Build…'),
    caption: trans.__('Delete this build from the server'),
    icon: deleteIcon,
    action: 'delete_build',
    target: named => withBuild(named),
    confirm: target =>
      confirmBuildDeletion(
        target,
        environmentOf(target)?.current_build_id === target.build_id,
        stakeOf(target, false),
        trans
      ),
    call: ({ build_id }) => api.deleteBuild(build_id),
    done: target => page(target)?.model.deleting(target.build_id)
  });
  add<IBuildReference>(CommandIDs.deleteEnvironment, {
    label: trans.__('Delete the Environment…'),
    caption: trans.__('Delete this environment from the server'),
    icon: deleteIcon,
    action: 'delete',
    target: named => named,
    confirm: target =>
      confirmEnvironmentDeletion(
        target,
        page(target)?.model.builds.count ?? null,
        stakeOf(target, true),
        trans
      ),
    call: ({ namespace, environment }) =>
      api.deleteEnvironment(namespace, environment),
    done: target => {
      page(target)?.close();
      const text = trans.__('%1 was deleted.', fullName(target));
      Notification.success(text, { autoClose: 5000 });
    }
  });
}
