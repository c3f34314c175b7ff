/** The exports of the package: its plugins for JupyterLab, its tokens for other extensions. */

import { plugins } from './plugins';

export * from './tokens';
export default plugins;
