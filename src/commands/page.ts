/** The command that opens an environment's page. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import { fullName } from '../api/names';
import { condaStoreIcon } from '../icons';
import type { EnvironmentsModel, Section } from '../model';
import { SECTIONS } from '../model';
import type { IBuildReference } from '../tokens';
import { CommandIDs } from '../tokens';
import { Dialogs } from './dialogs';
import { BUILD_ARGS, focusedTarget, targetOf } from './target';

/** The options of the command. */
export interface IPageCommandOptions {
  app: JupyterFrontEnd;
  model: EnvironmentsModel;
  trans: TranslationBundle;
  /** Show the page of an environment; null leaves the part that it shows as it is. */
  open: (target: IBuildReference, section: Section | null) => void;
}

/** Add it. Without arguments it acts on the row under the context menu, or asks which environment. */
export function addPageCommand(options: IPageCommandOptions): void {
  const { app, model, trans, open } = options;
  const dialogs = new Dialogs(trans);
  const ask = async () => {
    if (!model.server.status) {
      await model.refresh();
    }
    return dialogs.nameEnvironment({
      title: trans.__('Open an environment'),
      items: model.environments.map(fullName),
      okLabel: trans.__('Open')
    });
  };
  app.commands.addCommand(CommandIDs.openEnvironment, {
    label: args =>
      args.isPalette ? trans.__('Open Environment…') : trans.__('Open'),
    caption: trans.__('Show builds, packages, specification and log'),
    icon: condaStoreIcon,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          ...BUILD_ARGS.properties,
          focused: {
            type: 'boolean',
            description: 'Whether to act on the row that has the focus.'
          },
          section: {
            type: 'string',
            enum: [...SECTIONS],
            description: 'The part of the page to show.'
          }
        }
      }
    },
    execute: async args => {
      const target = args.focused
        ? focusedTarget()
        : ((args.isPalette ? null : targetOf(app, args)) ?? (await ask()));
      if (target) {
        const section = SECTIONS.find(name => name === args.section) ?? null;
        open(target, section);
      }
    }
  });
}
