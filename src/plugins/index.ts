/** All plugins; a new one gets a file of its own and its line here. */

import { checkPlugin } from './check';
import { editorPlugin } from './editor';
import { launcherPlugin } from './launcher';
import { machinePlugin } from './machine';
import { modelPlugin } from './model';
import { notebookPlugin } from './notebook';
import { notificationsPlugin } from './notifications';
import { pagePlugin } from './page';
import { palettePlugin } from './palette';
import { panelPlugin } from './panel';
import { repositoryPlugin } from './repository';
import { startsPlugin } from './starts';
import { statusBarPlugin } from './statusbar';

export const plugins = [
  panelPlugin,
  modelPlugin,
  launcherPlugin,
  machinePlugin,
  palettePlugin,
  checkPlugin,
  notebookPlugin,
  pagePlugin,
  editorPlugin,
  repositoryPlugin,
  notificationsPlugin,
  startsPlugin,
  statusBarPlugin
];
