/** A row of an environment that is on this machine. */

import {
  Button,
  deleteIcon,
  editIcon,
  ellipsesIcon,
  runIcon,
  type LabIcon
} from '@jupyterlab/ui-components';
import React from 'react';
import type { IProvidedEnvironment } from '../../api/providers';
import { CommandIDs } from '../../tokens';
import { useTrans } from '../../translation';
import { openContextMenu } from '../panel/actions';
import type { IMachineProps } from './props';

/** Its name, what keeps it from being launched, and what can be done with it. */
export function EnvironmentRow(
  props: IMachineProps & { readonly environment: IProvidedEnvironment }
): JSX.Element {
  const { commands, environment } = props;
  const trans = useTrans();
  const { display_name, key, kernels, problem, provider } = environment;
  const run = (id: string) => () => {
    void commands.execute(id, { provider, key });
  };
  return (
    <li
      className="jp-CondaStore-machineRow"
      data-provider={provider}
      data-key={key}
      title={environment.prefix ?? ''}
    >
      <span className="jp-CondaStore-name" dir="auto">
        {commands.hasCommand(CommandIDs.openMachine) ? (
          <button
            className="jp-CondaStore-machineName"
            aria-label={trans.__('Show the packages of %1', display_name)}
            onClick={run(CommandIDs.openMachine)}
          >
            {display_name}
          </button>
        ) : (
          display_name
        )}
      </span>
      <span className="jp-CondaStore-machineActions">
        {!problem && (
          <IconButton
            icon={runIcon}
            name={trans.__('New notebook on %1', display_name)}
            onClick={run(CommandIDs.launchMachine)}
          />
        )}
        {!problem && (
          <IconButton
            icon={editIcon}
            name={
              kernels.length
                ? trans.__('Rename the kernel of %1', display_name)
                : trans.__('Register a kernel of %1', display_name)
            }
            onClick={run(CommandIDs.registerMachine)}
          />
        )}
        <IconButton
          icon={deleteIcon}
          name={trans.__('Remove %1', display_name)}
          onClick={run(CommandIDs.removeMachine)}
        />
        <IconButton
          icon={ellipsesIcon}
          name={trans.__('More actions for %1', display_name)}
          onClick={openContextMenu}
        />
      </span>
      {kernels.length > 0 && (
        <span className="jp-CondaStore-detail" dir="auto">
          {trans.__('Kernel: %1', kernels[0].display_name)}
        </span>
      )}
      {problem && (
        <span className="jp-CondaStore-machineProblem" dir="auto">
          {problem.message}{' '}
          {problem.code === 'no_kernel' && (
            <button
              className="jp-CondaStore-machineLink"
              onClick={run(CommandIDs.addKernelMachine)}
            >
              {trans.__('Add ipykernel')}
            </button>
          )}
          {problem.code === 'python_gone' && (
            <button
              className="jp-CondaStore-machineLink"
              onClick={run(CommandIDs.recreateMachine)}
            >
              {trans.__('Recreate')}
            </button>
          )}
        </span>
      )}
    </li>
  );
}

function IconButton(props: {
  readonly icon: LabIcon;
  readonly name: string;
  readonly onClick: (event: React.MouseEvent<HTMLElement>) => void;
}): JSX.Element {
  return (
    <Button
      minimal
      small
      title={props.name}
      aria-label={props.name}
      onClick={props.onClick}
    >
      <props.icon.react tag="span" />
    </Button>
  );
}
