/** The extension's own icons. */

import { LabIcon } from '@jupyterlab/ui-components';
import condaStoreSvg from '../../style/icons/conda-store.svg';
import starFilledSvg from '../../style/icons/star-filled.svg';
import starSvg from '../../style/icons/star.svg';

/** A stack of layers: the panel's, the tile's and the commands' icon. */
export const condaStoreIcon = new LabIcon({
  name: 'conda-store-labext:conda-store',
  svgstr: condaStoreSvg
});

/** The star that makes an environment a favourite. */
export const starIcon = new LabIcon({
  name: 'conda-store-labext:star',
  svgstr: starSvg
});

/** The mark of a favourite. */
export const starFilledIcon = new LabIcon({
  name: 'conda-store-labext:star-filled',
  svgstr: starFilledSvg
});
