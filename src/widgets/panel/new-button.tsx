/** The buttons above the list that begin something new: an environment, or work on a repository. */

import { addIcon, Button, launchIcon } from '@jupyterlab/ui-components';
import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';
import { CommandIDs } from '../../tokens';
import { useTrans } from '../../translation';
import type { IPanelProps } from './props';

/** None where there is no page to show it on, as in Notebook. */
export function NewButtons(props: IPanelProps): JSX.Element | null {
  const { commands, model } = props;
  const trans = useTrans();
  const button = (command: string, name: string, icon: LabIcon) =>
    commands.hasCommand(command) && (
      <Button
        className="jp-CondaStore-button"
        minimal
        small
        title={name}
        aria-label={name}
        onClick={() => void commands.execute(command)}
      >
        <icon.react tag="span" />
      </Button>
    );
  return (
    <>
      {button(
        CommandIDs.openRepository,
        trans.__('Open a repository…'),
        launchIcon
      )}
      {model.server.url &&
        button(CommandIDs.newEnvironment, trans.__('New environment'), addIcon)}
    </>
  );
}
