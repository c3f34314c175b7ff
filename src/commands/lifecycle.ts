/** The commands that change an environment or its builds on the server. */

import { Notification } from '@jupyterlab/apputils';
import {
  buildIcon,
  checkIcon,
  deleteIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IApi } from '../api';
import { fullName } from '../api/names';
import type { IBuildReference } from '../tokens';
import { CommandIDs } from '../tokens';
import type { IChangesOptions } from './changes';
import { Changes } from './changes';
import { Questions } from './questions';

/** The options of the commands. */
export interface ILifecycleOptions extends IChangesOptions {
  api: IApi;
  trans: TranslationBundle;
}

/** A build that is there. */
interface IBuildTarget extends IBuildReference {
  build_id: number;
}

/** Return the named target, with a build if it had none. */
const withBuild = (
  named: IBuildReference,
  fallback: number | null = null
): IBuildTarget | null => {
  const build_id = named.build_id ?? fallback;
  return build_id === null ? null : { ...named, build_id };
};

/** Add them; each acts on the build of its arguments, or on the row under the context menu. */
export function addLifecycleCommands(options: ILifecycleOptions): void {
  const { api, trans, page } = options;
  const changes = new Changes(options);
  const questions = new Questions(trans);
  const environmentOf = (target: IBuildReference) =>
    changes.environmentOf(target);

  changes.add<IBuildTarget>(CommandIDs.setActiveBuild, {
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
      return questions.setActiveBuild(target, active);
    },
    call: ({ namespace, environment, build_id }) =>
      api.updateEnvironment(namespace, environment, {
        current_build_id: build_id
      })
  });
  changes.add<IBuildTarget>(CommandIDs.rebuild, {
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
  changes.add<IBuildTarget>(CommandIDs.cancelBuild, {
    label: trans.__('Cancel the Build…'),
    caption: trans.__('Stop building this environment'),
    icon: stopIcon,
    action: 'cancel',
    target: (named, environment) =>
      withBuild(named, environment?.running_build_id),
    confirm: target => questions.cancelBuild(target),
    call: ({ build_id }) => api.cancelBuild(build_id)
  });
  changes.add<IBuildTarget>(CommandIDs.deleteBuild, {
    label: trans.__('Delete the Build…'),
    caption: trans.__('Delete this build from the server'),
    icon: deleteIcon,
    action: 'delete_build',
    target: named => withBuild(named),
    confirm: target =>
      questions.deleteBuild(
        target,
        environmentOf(target)?.current_build_id === target.build_id,
        changes.copiesAtStake(target, false)
      ),
    call: ({ build_id }) => api.deleteBuild(build_id),
    done: target => page(target)?.model.deleting(target.build_id)
  });
  changes.add<IBuildReference>(CommandIDs.deleteEnvironment, {
    label: trans.__('Delete the Environment…'),
    caption: trans.__('Delete this environment from the server'),
    icon: deleteIcon,
    action: 'delete',
    target: named => named,
    confirm: target =>
      questions.deleteEnvironment(
        target,
        page(target)?.model.builds.count ?? null,
        changes.copiesAtStake(target, true)
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
