/** The command that opens an environment's page. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { fullName, parseName } from '../api/names';
import { condaStoreIcon } from '../icons';
import type { EnvironmentsModel, Section } from '../model';
import { SECTIONS } from '../model';
import type { IBuildReference } from '../tokens';
import { CommandIDs } from '../tokens';
import { BUILD_ARGS, focusedTarget, targetOf } from './target';

/** What the command works with. */
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
        : ((args.isPalette ? null : targetOf(app, args)) ??
          (await chooseEnvironment(model, trans)));
      if (target) {
        const section = SECTIONS.find(one => one === args.section) ?? null;
        open(target, section);
      }
    }
  });
}

/** Ask which environment; null when nobody chose. */
async function chooseEnvironment(
  model: EnvironmentsModel,
  trans: TranslationBundle
): Promise<IBuildReference | null> {
  if (!model.status) {
    await model.refresh();
  }
  const { button, value } = await InputDialog.getItem({
    title: trans.__('Open an environment'),
    label: trans.__('Environment, as namespace/name'),
    items: model.environments.map(fullName),
    editable: true,
    okLabel: trans.__('Open')
  });
  const named = button.accept ? parseName(value ?? '') : null;
  return (
    named && {
      namespace: named.namespace,
      environment: named.name,
      build_id: null
    }
  );
}
