/** The commands that lead to the page on which a repository is opened. */

import type { IRouter, JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import { launchIcon } from '@jupyterlab/ui-components';
import type { IRepositoryRequest } from '../api/repositories';
import { CommandIDs } from '../tokens';

/** The argument of JupyterLab's address that holds the query of a link. */
const PARAMETER = 'conda-store-open';

/** The options of these commands. */
export interface IRepositoryCommandsOptions {
  app: JupyterFrontEnd;
  trans: TranslationBundle;
  router: IRouter | null;
  /** Show the page for this; it looks at once at a repository that is named. */
  open: (request: Partial<IRepositoryRequest>) => void;
  /** Read the request that the query of a link names. */
  read: (query: string) => Partial<IRepositoryRequest>;
}

/** Add them. */
export function addRepositoryCommands(
  options: IRepositoryCommandsOptions
): void {
  const { app, trans, router, open, read } = options;
  const texts = ['repository', 'ref', 'path', 'environment'] as const;

  app.commands.addCommand(CommandIDs.openRepository, {
    label: args =>
      args.isTile
        ? trans.__('Open a Repository')
        : trans.__('Open a Repository…'),
    caption: trans.__(
      'Open a notebook of a git repository on the environment that its files ask for'
    ),
    icon: args => (args.isPalette ? undefined : launchIcon),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          repository: { type: 'string', description: 'Its address or folder.' },
          ref: { type: 'string', description: 'A branch, tag or commit.' },
          path: { type: 'string', description: 'A notebook of it.' },
          environment: {
            type: 'string',
            description: 'namespace/name, or namespace/name:build.'
          }
        }
      }
    },
    execute: args => {
      const given = texts
        .filter(name => typeof args[name] === 'string')
        .map(name => [name, args[name]]);
      open(Object.fromEntries(given) as Partial<IRepositoryRequest>);
    }
  });

  if (!router) {
    return;
  }
  app.commands.addCommand(CommandIDs.followLink, {
    describedBy: {
      args: {
        type: 'object',
        properties: {
          path: { type: 'string', description: "JupyterLab's address." },
          search: { type: 'string', description: 'Its query.' }
        }
      }
    },
    execute: async args => {
      const given = new URLSearchParams(String(args.search ?? ''));
      const query = given.get(PARAMETER) ?? '';
      given.delete(PARAMETER);
      const rest = String(given);
      router.navigate(`${String(args.path)}${rest ? `?${rest}` : ''}`, {
        skipRouting: true
      });
      await app.restored;
      open(read(query));
    }
  });
  router.register({
    command: CommandIDs.followLink,
    pattern: new RegExp(`[?&]${PARAMETER}(=|&|$)`)
  });
}
