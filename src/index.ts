/** What the package gives to JupyterLab: its plugins; and to other extensions: its tokens. */

import { plugins } from './plugins';

export * from './tokens';
export default plugins;
