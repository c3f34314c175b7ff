/** The commands that make environments and change what they are made of. */

import { addIcon, copyIcon, editIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { fullName } from '../api/names';
import { attempt } from '../api/request';
import type { IDraft } from '../model';
import { newSpecification, setName } from '../specification';
import { CommandIDs } from '../tokens';
import { Dialogs } from './dialogs';
import type { IEditorCommandsOptions } from './options';
import { BuildFinder } from './options';
import { addExportCommand } from './export';
import { addFileCommands } from './files';
import { NO_ARGS } from './options';
import { BUILD_ARGS, targetOf } from './target';

/** Add them all. */
export function addEditorCommands(options: IEditorCommandsOptions): void {
  const { app, api, model, trans, open } = options;
  const dialogs = new Dialogs(trans);
  const finder = new BuildFinder(api, trans);
  const { commands } = app;
  const target = (args: ReadonlyPartialJSONObject) => targetOf(app, args);

  /** Tell whether the environment may be built, as far as is known. */
  const mayBuild = (args: ReadonlyPartialJSONObject): boolean => {
    const build = target(args);
    const row = model.environments.find(
      ({ namespace, name }) =>
        namespace === build?.namespace && name === build.environment
    );
    return !row?.may || row.may.includes('build');
  };

  commands.addCommand(CommandIDs.newEnvironment, {
    label: trans.__('New Environment…'),
    caption: trans.__('Write a specification and have it built'),
    icon: args => (args.isPalette ? undefined : addIcon),
    describedBy: { args: NO_ARGS },
    execute: async args => {
      const { kept, draft } = args;
      if (typeof kept === 'string') {
        await options.reopen(kept);
      } else if (draft) {
        open(draft as Partial<IDraft>);
      } else {
        const text = newSpecification('');
        open({ text, saved: text });
      }
    }
  });

  commands.addCommand(CommandIDs.editEnvironment, {
    label: trans.__('Edit…'),
    caption: trans.__('Change what this environment is made of'),
    icon: editIcon,
    describedBy: { args: BUILD_ARGS },
    isVisible: mayBuild,
    execute: args => {
      const build = target(args);
      if (build) {
        const { namespace, environment, build_id } = build;
        // The active build's copy may be what the row names.
        const since = 'build_id' in args ? build_id : null;
        // A text to begin with, as somebody proposes it.
        const text = typeof args.text === 'string' ? args.text : '';
        open({ namespace, environment, since, text });
      }
    }
  });

  commands.addCommand(CommandIDs.cloneEnvironment, {
    label: trans.__('Clone…'),
    caption: trans.__('Make another environment out of this one'),
    icon: copyIcon,
    describedBy: { args: BUILD_ARGS },
    execute: async args => {
      const build = target(args);
      if (!build) {
        return;
      }
      const title = trans.__('%1 was not cloned', fullName(build));
      await attempt(dialogs.inDialog(title), async () => {
        const specification = await api.buildSpecification(
          await finder.find(build)
        );
        const { is_lockfile } = specification;
        const name = `${build.environment}-copy`;
        const text = is_lockfile
          ? specification.text
          : setName(specification.text, name);
        const { namespace } = build;
        open({ namespace, text, saved: text, is_lockfile, name });
      });
    }
  });

  addFileCommands(options);
  addExportCommand(options);
}
