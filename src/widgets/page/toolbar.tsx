/** The buttons above a page. */

import {
  ReactWidget,
  Toolbar,
  ToolbarButtonComponent,
  UseSignal,
  addToolbarButtonClass,
  buildIcon,
  deleteIcon,
  editIcon,
  refreshIcon,
  runIcon,
  type LabIcon
} from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { Action } from '../../tokens';
import { CommandIDs } from '../../tokens';
import { translated, useTrans } from '../../translation';
import type { IPageProps } from './props';
import { reference } from './props';

/** The buttons, by the names of their items. */
type Name = 'launch' | 'edit' | 'rebuild' | 'refresh' | 'delete';

/** A button, and why it cannot be used; `reason` is empty when it can. */
interface IItem {
  readonly icon: LabIcon;
  readonly label?: string;
  readonly tooltip: string;
  readonly reason: string;
  readonly onClick: () => void;
}

/** Fill a page's toolbar. */
export function fillToolbar(
  toolbar: Toolbar,
  props: IPageProps,
  trans: TranslationBundle
): void {
  const add = (name: Name) =>
    toolbar.addItem(
      name,
      addToolbarButtonClass(
        ReactWidget.create(
          translated(
            trans,
            <UseSignal signal={props.model.stateChanged}>
              {() => <PageButton {...props} name={name} />}
            </UseSignal>
          )
        )
      )
    );
  add('launch');
  if (props.commands.hasCommand(CommandIDs.editEnvironment)) {
    add('edit');
  }
  add('rebuild');
  toolbar.addItem('spacer', Toolbar.createSpacerItem());
  add('delete');
  add('refresh');
}

/** A toolbar's button that says why it is of no use when it is not. */
function PageButton(props: IPageProps & { name: Name }): JSX.Element {
  const { reason, tooltip, ...item } = useItems(props)[props.name];
  return (
    <ToolbarButtonComponent
      {...item}
      tooltip={reason || tooltip}
      enabled={!reason}
    />
  );
}

function useItems(props: IPageProps): Record<Name, IItem> {
  const trans = useTrans();
  const { model, commands } = props;
  const run = (id: string, build_id: number | null = null) =>
    void commands.execute(id, reference(model, build_id));
  const unless = (action: Action, sentence: string) =>
    !model.environment
      ? trans.__('The environment is still loading.')
      : model.actions.running
        ? trans.__('Another action is under way.')
        : model.may(action)
          ? ''
          : sentence;
  const source = () =>
    model.environment?.current_build_id ?? model.builds.builds[0]?.id ?? null;
  return {
    launch: {
      icon: runIcon,
      label: trans.__('Launch'),
      tooltip: trans.__('Open a new notebook on the active build'),
      reason:
        model.environment &&
        model.environments.stateOf(model.environment).launchable
          ? ''
          : trans.__('The active build cannot be launched.'),
      onClick: () => run(CommandIDs.launch)
    },
    edit: {
      icon: editIcon,
      label: trans.__('Edit…'),
      tooltip: trans.__('Edit the specification'),
      reason: unless('build', trans.__('You may not build this environment.')),
      onClick: () => run(CommandIDs.editEnvironment)
    },
    rebuild: {
      icon: buildIcon,
      label: trans.__('Rebuild'),
      tooltip: trans.__('Build the active specification again'),
      reason: unless('build', trans.__('You may not build this environment.')),
      onClick: () => run(CommandIDs.rebuild, source())
    },
    refresh: {
      icon: refreshIcon,
      tooltip: trans.__('Look at the server again'),
      reason: '',
      onClick: () => void model.refresh()
    },
    delete: {
      icon: deleteIcon,
      tooltip: trans.__('Delete the environment…'),
      reason: unless(
        'delete',
        trans.__('You may not delete this environment.')
      ),
      onClick: () => run(CommandIDs.deleteEnvironment)
    }
  };
}
