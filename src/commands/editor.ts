/** The commands that make environments and change what they are made of. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog } from '@jupyterlab/apputils';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  addIcon,
  copyIcon,
  downloadIcon,
  editIcon,
  fileUploadIcon
} from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Api } from '../api';
import { condaStoreIcon } from '../icons';
import type { EnvironmentsModel, IDraft } from '../model';
import { CondaStoreError, toErrorInfo } from '../request';
import { newSpecification, setName } from '../specification';
import type { ArtifactKind, IBuildReference } from '../tokens';
import { CommandIDs } from '../tokens';
import { nameOf, showMessage } from './dialogs';
import { NO_ARGS } from './options';
import { BUILD_ARGS, targetOf } from './target';

/** What these commands work with. */
export interface IEditorCommandsOptions {
  app: JupyterFrontEnd;
  api: Api;
  model: EnvironmentsModel;
  trans: TranslationBundle;
  /** Says which file is selected. */
  fileBrowsers: IFileBrowserFactory | null;
  /** Opens the page on which a specification is written. */
  open: (draft: Partial<IDraft>) => void;
  /** Opens the page with what was kept over a reload; false when nothing was. */
  reopen: (id: string) => Promise<boolean>;
}

/** The files that a specification can be made from, by their names. */
const FILES =
  /^(.*environment.*\.ya?ml|.*conda-lock.*\.ya?ml|.*requirements.*\.(txt|in))$/i;

/** What the browser lets people choose. */
const ACCEPTED = '.yml,.yaml,.txt,.in,.json';

/** What can be saved of a build, by the artifact that it needs. */
const ARTIFACTS: Record<string, ArtifactKind> = {
  YAML: 'yaml',
  LOCKFILE: 'lockfile',
  CONDA_PACK: 'archive'
};

/** The arguments that name a file. */
const FILE_ARGS = {
  type: 'object',
  properties: {
    path: {
      type: 'string',
      description: 'The file; the selected one if there is none.'
    }
  }
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

/** Add them. */
export function addEditorCommands(options: IEditorCommandsOptions): void {
  const { app, api, model, trans, open } = options;
  const { commands } = app;
  const target = (args: ReadonlyPartialJSONObject) => targetOf(app, args);

  /** Do something, and say so if it cannot be done. */
  const attempt = async (title: string, act: () => Promise<void>) => {
    try {
      await act();
    } catch (reason) {
      await showMessage(title, toErrorInfo(reason).message, trans);
    }
  };

  /** The build that is meant: the one that is named, or the active one. */
  const buildOf = async (build: IBuildReference): Promise<number> => {
    if (build.build_id !== null) {
      return build.build_id;
    }
    const { namespace, environment } = build;
    const row = await api.environment(namespace, environment);
    if (row.current_build_id === null) {
      throw new CondaStoreError(
        'not_found',
        trans.__('%1 was never built.', nameOf(build))
      );
    }
    return row.current_build_id;
  };

  const convert = async (filename: string, text: string) => {
    const { name, specification, is_lockfile, notes } = await api.convert(
      filename,
      text
    );
    const saved = specification;
    open({ text: specification, saved, is_lockfile, name, notes });
  };

  /** Whether the environment may be built, as far as is known. */
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
      const { kept } = args;
      if (typeof kept !== 'string' || !(await options.reopen(kept))) {
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
        open({ namespace, environment, since });
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
      const title = trans.__('%1 was not cloned', nameOf(build));
      await attempt(title, async () => {
        const specification = await api.buildSpecification(
          await buildOf(build)
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

  commands.addCommand(CommandIDs.importEnvironment, {
    label: trans.__('Import Environment…'),
    caption: trans.__(
      'Make an environment from an environment.yml, conda-lock.yml or requirements.txt of this computer'
    ),
    icon: args => (args.isPalette ? undefined : fileUploadIcon),
    describedBy: { args: NO_ARGS },
    execute: async () => {
      const file = await chooseFile();
      if (file) {
        const title = trans.__('%1 was not imported', file.name);
        await attempt(title, async () => convert(file.name, await file.text()));
      }
    }
  });

  const selected = (args: ReadonlyPartialJSONObject): string | null => {
    if (typeof args.path === 'string') {
      return args.path;
    }
    const items = options.fileBrowsers?.tracker.currentWidget?.selectedItems();
    const item = items && [...items][0];
    return item && item.type !== 'directory' ? item.path : null;
  };

  commands.addCommand(CommandIDs.buildFile, {
    label: trans.__('Build in conda-store…'),
    caption: trans.__('Make an environment from this file'),
    icon: condaStoreIcon,
    describedBy: { args: FILE_ARGS },
    isVisible: args => FILES.test(basename(selected(args) ?? '')),
    execute: async args => {
      const path = selected(args);
      if (!path) {
        return;
      }
      const title = trans.__('%1 cannot be built', basename(path));
      await attempt(title, async () => {
        const { contents } = app.serviceManager;
        const file = await contents.get(path, {
          type: 'file',
          format: 'text',
          content: true
        });
        await convert(basename(path), file.content);
      });
    }
  });

  commands.addCommand(CommandIDs.exportBuild, {
    label: args => exportLabel(args.kind, trans),
    caption: trans.__('Save the specification, the lockfile or the archive'),
    icon: args => (args.kind ? undefined : downloadIcon),
    describedBy: { args: EXPORT_ARGS },
    execute: async args => {
      const build = target(args);
      if (!build) {
        return;
      }
      const title = trans.__('%1 was not exported', nameOf(build));
      await attempt(title, async () => {
        const id = await buildOf(build);
        const { artifacts } = await api.build(id);
        const kinds = artifacts.flatMap(name =>
          name in ARTIFACTS ? [ARTIFACTS[name]] : []
        );
        const kind = args.kind ?? (await chooseKind(kinds, trans));
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
          save(api.artifactUrl(id, kind as ArtifactKind));
        }
      });
    }
  });
}

function exportLabel(kind: unknown, trans: TranslationBundle): string {
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
}

/** Ask what to save; null when nobody chose, or there is nothing. */
async function chooseKind(
  kinds: ReadonlyArray<ArtifactKind>,
  trans: TranslationBundle
): Promise<ArtifactKind | null> {
  if (!kinds.length) {
    throw new CondaStoreError(
      'not_found',
      trans.__('conda-store has no file of this build to save.')
    );
  }
  const labels = kinds.map(kind => exportLabel(kind, trans));
  const { button, value } = await InputDialog.getItem({
    title: trans.__('Export'),
    label: trans.__('What to save'),
    items: labels,
    okLabel: trans.__('Save')
  });
  return button.accept ? (kinds[labels.indexOf(value ?? '')] ?? null) : null;
}

/** Let the browser save what is behind an address. */
function save(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  document.body.appendChild(link);
  link.click();
  link.remove();
}

/** Let somebody choose a file of the own computer; null when nobody did. */
function chooseFile(): Promise<File | null> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = ACCEPTED;
  return new Promise(resolve => {
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
