/** A small button with an icon and a name. */

import { Button, type LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

interface IIconButtonProps {
  readonly icon: LabIcon;
  readonly name: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

/** The name is its tooltip, too. */
export function IconButton(props: IIconButtonProps): JSX.Element {
  return (
    <Button
      className="jp-CondaStore-button"
      type="button"
      minimal
      small
      title={props.name}
      aria-label={props.name}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <props.icon.react tag="span" />
    </Button>
  );
}
