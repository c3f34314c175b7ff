/** The extension's own icon. */

import { LabIcon } from '@jupyterlab/ui-components';
import condaStoreSvg from '../style/icons/conda-store.svg';

/** A stack of layers: the panel's, the tile's and the commands' icon. */
export const condaStoreIcon = new LabIcon({
  name: 'conda-store-labext:conda-store',
  svgstr: condaStoreSvg
});
