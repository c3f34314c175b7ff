/** The command that copies a link to what is open: others then open it on its environment. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Clipboard, InputDialog, Notification } from '@jupyterlab/apputils';
import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { linkIcon } from '@jupyterlab/ui-components';
import type { IRepositoriesApi } from '../api/repositories';
import { attempt } from '../api/request';
import { CommandIDs } from '../tokens';
import { Dialogs } from './dialogs';
import type { CurrentPath } from './target';
import { pathOf } from './target';

/** The page behind links, below the address of a Jupyter server. */
const PAGE = 'conda-store/open';

/** The options of this command. */
export interface ILinkCommandOptions {
  app: JupyterFrontEnd;
  api: Pick<IRepositoriesApi, 'link'>;
  trans: TranslationBundle;
  current: CurrentPath;
  /** The build that an open notebook runs on, as `namespace/name:build`; null for none. */
  build: (path: string) => string | null;
}

/** Add it. */
export function addLinkCommand(options: ILinkCommandOptions): void {
  const { app, api, trans, current, build } = options;
  const dialogs = new Dialogs(trans);
  app.commands.addCommand(CommandIDs.copyLink, {
    label: args =>
      args.isPalette
        ? trans.__('Copy a Link to the Open Notebook or Folder…')
        : trans.__('Copy a Link to This…'),
    caption: trans.__(
      'Copy a link that opens this, from its git repository, on its environment'
    ),
    icon: args => (args.isPalette ? undefined : linkIcon),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          path: {
            type: 'string',
            description: 'The notebook, file or folder; what is open if none.'
          }
        }
      }
    },
    isEnabled: args => pathOf(args, current) !== null,
    execute: async args => {
      const path = pathOf(args, current);
      if (path === null) {
        return;
      }
      const title = trans.__('There is no link to it');
      await attempt(dialogs.inDialog(title), async () => {
        const pinned = build(path);
        const { query, name, badge } = await api.link(path, '');
        const fixed = pinned ? (await api.link(path, pinned)).query : '';
        const kinds = kindsOf(
          app.serviceManager.serverSettings.baseUrl,
          query,
          fixed,
          name,
          badge,
          trans
        );
        const labels = kinds.map(([label]) => label);
        const { button, value } = await InputDialog.getItem({
          title: trans.__('Copy a link to %1', name),
          label: trans.__(
            'Whoever opens it gets the files and the environment.'
          ),
          items: labels,
          okLabel: trans.__('Copy')
        });
        const text = kinds[labels.indexOf(value ?? '')]?.[1];
        if (button.accept && text) {
          Clipboard.copyToSystem(text);
          Notification.success(trans.__('The link was copied.'), {
            autoClose: 3000
          });
        }
      });
    }
  });
}

/** The links that can be had, by what they are called. */
function kindsOf(
  baseUrl: string,
  query: string,
  pinned: string,
  name: string,
  badge: string,
  trans: TranslationBundle
): [string, string][] {
  const server = URLExt.join(baseUrl, PAGE);
  const prefix = PageConfig.getOption('hubPrefix');
  const hub = prefix
    ? URLExt.join(
        PageConfig.getOption('hubHost') || window.location.origin,
        prefix,
        'user-redirect',
        PAGE
      )
    : '';
  // On a hub everybody has a server of their own.
  const link = `${hub || server}?${query}`;
  const kinds: [string, string][] = [
    [hub ? trans.__('Link for everybody on this hub') : trans.__('Link'), link]
  ];
  if (pinned) {
    const fixed = `${hub || server}?${pinned}`;
    kinds.push([trans.__('Link with the build that it runs on'), fixed]);
  }
  kinds.push([
    trans.__('Badge in Markdown'),
    `[![${trans.__('Open %1', name)}](${badge})](${link})`
  ]);
  if (hub) {
    kinds.push([
      trans.__('Link to this server of yours'),
      `${server}?${query}`
    ]);
  }
  return kinds;
}
