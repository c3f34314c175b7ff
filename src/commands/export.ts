/** The command that saves what conda-store has of a build. */

import { InputDialog } from '@jupyterlab/apputils';
import { downloadIcon } from '@jupyterlab/ui-components';
import { fullName } from '../api/names';
import { attempt, CondaStoreError } from '../api/request';
import type { ArtifactKind } from '../tokens';
import { CommandIDs } from '../tokens';
import { Dialogs } from './dialogs';
import type { IEditorCommandsOptions } from './options';
import { BuildFinder } from './options';
import { BUILD_ARGS, targetOf } from './target';

/** The formats in which a build can be saved, by the artifact that each needs. */
const ARTIFACTS: Record<string, ArtifactKind> = {
  YAML: 'yaml',
  LOCKFILE: 'lockfile',
  CONDA_PACK: 'archive'
};

/** The arguments of the export. */
const EXPORT_ARGS = {
  ...BUILD_ARGS,
  properties: {
    ...BUILD_ARGS.properties,
    kind: {
      type: 'string',
      enum: Object.values(ARTIFACTS),
      description: 'What to save; asked for if it is not said.'
    }
  }
};

/** Add it. */
export function addExportCommand(options: IEditorCommandsOptions): void {
  const { app, api, trans } = options;
  const dialogs = new Dialogs(trans);
  const finder = new BuildFinder(api, trans);
  const { commands } = app;

  const labelOf = (kind: unknown): string => {
    switch (kind) {
      case 'yaml':
        return trans.__('Packages as YAML');
      case 'lockfile':
        return trans.__('Lockfile');
      case 'archive':
        return trans.__('Archive');
      default:
        return trans.__('Export…');
    }
  };

  /** Ask what to save; null when nobody chose. */
  const chooseKind = async (
    kinds: ReadonlyArray<ArtifactKind>
  ): Promise<ArtifactKind | null> => {
    if (!kinds.length) {
      throw new CondaStoreError(
        'not_found',
        trans.__('conda-store has no file of this build to save.')
      );
    }
    const labels = kinds.map(kind => labelOf(kind));
    const { button, value } = await InputDialog.getItem({
      title: trans.__('Export'),
      label: trans.__('What to save'),
      items: labels,
      okLabel: trans.__('Save')
    });
    return button.accept ? (kinds[labels.indexOf(value ?? '')] ?? null) : null;
  };

  commands.addCommand(CommandIDs.exportBuild, {
    label: args => labelOf(args.kind),
    caption: trans.__('Save the specification, the lockfile or the archive'),
    icon: args => (args.kind ? undefined : downloadIcon),
    describedBy: { args: EXPORT_ARGS },
    execute: async args => {
      const build = targetOf(app, args);
      if (!build) {
        return;
      }
      const title = trans.__('%1 was not exported', fullName(build));
      await attempt(dialogs.inDialog(title), async () => {
        const id = await finder.find(build);
        const { artifacts } = await api.build(id);
        const kinds = artifacts.flatMap(name =>
          name in ARTIFACTS ? [ARTIFACTS[name]] : []
        );
        const kind = args.kind ?? (await chooseKind(kinds));
        if (kind && !kinds.includes(kind as ArtifactKind)) {
          throw new CondaStoreError(
            'not_found',
            trans.__(
              'conda-store has no such file of build %1; it may still be making it, or have been told not to.',
              id
            )
          );
        }
        if (kind) {
          await api.saveArtifact(id, kind as ArtifactKind);
        }
      });
    }
  });
}
