/** All plugins; a new one gets a file of its own and its line here. */

import { editorPlugin } from './editor';
import { launcherPlugin } from './launcher';
import { modelPlugin } from './model';
import { pagePlugin } from './page';
import { palettePlugin } from './palette';
import { panelPlugin } from './panel';

export const plugins = [
  panelPlugin,
  modelPlugin,
  launcherPlugin,
  palettePlugin,
  pagePlugin,
  editorPlugin
];
