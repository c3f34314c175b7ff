/** The button above the list that begins a new environment. */

import { addIcon, Button } from '@jupyterlab/ui-components';
import React from 'react';
import { CommandIDs } from '../../tokens';
import { useTrans } from '../../translation';
import type { IPanelProps } from './props';

/** Nothing where there is no page to write on, as in Notebook. */
export function NewButton(props: IPanelProps): JSX.Element | null {
  const { commands, model } = props;
  const trans = useTrans();
  if (!commands.hasCommand(CommandIDs.newEnvironment) || !model.server.url) {
    return null;
  }
  const name = trans.__('New environment');
  return (
    <Button
      className="jp-CondaStore-button"
      minimal
      small
      title={name}
      aria-label={name}
      onClick={() => void commands.execute(CommandIDs.newEnvironment)}
    >
      <addIcon.react tag="span" />
    </Button>
  );
}
