/** The buttons of a row. */

import {
  Button,
  consoleIcon,
  deleteIcon,
  ellipsesIcon,
  kernelIcon,
  launchIcon,
  runIcon,
  stopIcon,
  type LabIcon
} from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import React from 'react';
import { starFilledIcon, starIcon } from '../../icons';
import { isActive, type IRowState } from '../../model';
import type { IBuildReference } from '../../tokens';
import { CommandIDs } from '../../tokens';
import { useTrans } from '../../translation';
import type { IPanelProps } from './props';

interface IActionsProps extends IPanelProps {
  /** The build that the buttons act on. */
  readonly reference: IBuildReference;
  /** The word for it in the buttons' names. */
  readonly label: string;
  readonly state: IRowState;
  /** True if it is a favourite; undefined for what cannot be one. */
  readonly favourite?: boolean;
  /** True if the row is the one that the Tab key reaches. */
  readonly active: boolean;
}

/** Launch or cancel, always seen; the rest when the row is pointed at or has the focus. */
export function Actions(props: IActionsProps): JSX.Element {
  const { commands, reference, label, state, active, favourite } = props;
  const trans = useTrans();
  const args = { ...reference };
  const run = (id: string) => () =>
    void commands.execute(id, args as ReadonlyPartialJSONObject);
  const common = { tabbable: active };
  const ready = state.kind === 'ready';
  // Notebook has no place for pages.
  const pages = commands.hasCommand(CommandIDs.openEnvironment);
  return (
    <span className="jp-CondaStore-actions">
      {favourite !== undefined && (
        <IconButton
          {...common}
          className={`jp-CondaStore-star ${favourite ? 'jp-mod-favourite' : ''}`}
          icon={favourite ? starFilledIcon : starIcon}
          name={
            favourite
              ? trans.__('Remove %1 from the favourites', label)
              : trans.__('Add %1 to the favourites', label)
          }
          onClick={run(CommandIDs.toggleFavourite)}
        />
      )}
      {(state.launchable || ready || pages) && (
        <span className="jp-CondaStore-secondary">
          {pages && (
            <IconButton
              {...common}
              icon={launchIcon}
              name={trans.__('Open the page of %1', label)}
              onClick={run(CommandIDs.openEnvironment)}
            />
          )}
          {state.launchable && (
            <IconButton
              {...common}
              icon={consoleIcon}
              name={trans.__('Open a console on %1', label)}
              onClick={run(CommandIDs.openConsole)}
            />
          )}
          {commands.isEnabled(CommandIDs.useKernel, args) && (
            <IconButton
              {...common}
              icon={kernelIcon}
              name={trans.__('Use %1 in the current notebook', label)}
              onClick={run(CommandIDs.useKernel)}
            />
          )}
          {ready && (
            <IconButton
              {...common}
              icon={deleteIcon}
              name={trans.__('Remove the local copy of %1', label)}
              onClick={run(CommandIDs.remove)}
            />
          )}
        </span>
      )}
      {(state.launchable || ready || pages) && (
        <IconButton
          {...common}
          className="jp-CondaStore-overflow"
          icon={ellipsesIcon}
          name={trans.__('More actions for %1', label)}
          onClick={openContextMenu}
        />
      )}
      {state.copy && isActive(state.copy) ? (
        <IconButton
          {...common}
          className="jp-CondaStore-cancel"
          icon={stopIcon}
          name={trans.__('Cancel %1', label)}
          onClick={run(CommandIDs.cancel)}
        />
      ) : state.launchable ? (
        <IconButton
          {...common}
          className="jp-CondaStore-launch"
          icon={runIcon}
          name={trans.__('Launch %1', label)}
          onClick={run(CommandIDs.launch)}
        />
      ) : null}
    </span>
  );
}

/** Open the row's context menu below the button, so that there is one menu only. */
export function openContextMenu(event: React.MouseEvent<HTMLElement>): void {
  const { left, bottom } = event.currentTarget.getBoundingClientRect();
  event.currentTarget.dispatchEvent(
    new MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      clientX: left,
      clientY: bottom
    })
  );
}

interface IIconButtonProps {
  readonly icon: LabIcon;
  readonly name: string;
  readonly tabbable: boolean;
  readonly className?: string;
  readonly onClick: (event: React.MouseEvent<HTMLElement>) => void;
}

/** A small button with an icon and a name. */
function IconButton(props: IIconButtonProps): JSX.Element {
  return (
    <Button
      className={`jp-CondaStore-button ${props.className ?? ''}`}
      minimal
      small
      title={props.name}
      aria-label={props.name}
      tabIndex={props.tabbable ? 0 : -1}
      onClick={event => {
        event.stopPropagation();
        props.onClick(event);
      }}
    >
      <props.icon.react tag="span" />
    </Button>
  );
}
