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
import type { Widget } from '@lumino/widgets';
import React from 'react';
import type { EnvironmentPageModel } from '../../model';
import type { Action } from '../../tokens';
import { CommandIDs } from '../../tokens';
import type { IPageProps } from './props';
import { reference } from './props';

/** A button, and why it cannot be used; `reason` gives an empty text when it can. */
interface IItem {
  readonly name: string;
  readonly icon: LabIcon;
  readonly label?: string;
  readonly tooltip: string;
  readonly reason: () => string;
  readonly onClick: () => void;
}

/** Fill a page's toolbar. */
export function fillToolbar(
  toolbar: Toolbar,
  props: IPageProps,
  trans: TranslationBundle
): void {
  const { model } = props;
  const [launch, edit, rebuild, refresh, remove] = itemsOf(props, trans);
  const add = (item: IItem) =>
    toolbar.addItem(item.name, buttonOf(item, model));
  add(launch);
  if (props.commands.hasCommand(CommandIDs.editEnvironment)) {
    add(edit);
  }
  add(rebuild);
  toolbar.addItem('spacer', Toolbar.createSpacerItem());
  add(remove);
  add(refresh);
}

function itemsOf(props: IPageProps, trans: TranslationBundle): IItem[] {
  const { model, commands } = props;
  const run = (id: string, build_id: number | null = null) =>
    void commands.execute(id, reference(model, build_id));
  const unless = (action: Action, sentence: string) => () =>
    !model.environment
      ? trans.__('The environment is still loading.')
      : model.actions.running
        ? trans.__('Another action is under way.')
        : model.may(action)
          ? ''
          : sentence;
  const source = () =>
    model.environment?.current_build_id ?? model.builds.builds[0]?.id ?? null;
  return [
    {
      name: 'launch',
      icon: runIcon,
      label: trans.__('Launch'),
      tooltip: trans.__('Open a new notebook on the active build'),
      reason: () =>
        model.environment &&
        model.environments.stateOf(model.environment).launchable
          ? ''
          : trans.__('The active build cannot be launched.'),
      onClick: () => run(CommandIDs.launch)
    },
    {
      name: 'edit',
      icon: editIcon,
      label: trans.__('Edit…'),
      tooltip: trans.__('Edit the specification'),
      reason: unless('build', trans.__('You may not build this environment.')),
      onClick: () => run(CommandIDs.editEnvironment)
    },
    {
      name: 'rebuild',
      icon: buildIcon,
      label: trans.__('Rebuild'),
      tooltip: trans.__('Build the active specification again'),
      reason: unless('build', trans.__('You may not build this environment.')),
      onClick: () => run(CommandIDs.rebuild, source())
    },
    {
      name: 'refresh',
      icon: refreshIcon,
      tooltip: trans.__('Look at the server again'),
      reason: () => '',
      onClick: () => void model.refresh()
    },
    {
      name: 'delete',
      icon: deleteIcon,
      tooltip: trans.__('Delete the environment…'),
      reason: unless(
        'delete',
        trans.__('You may not delete this environment.')
      ),
      onClick: () => run(CommandIDs.deleteEnvironment)
    }
  ];
}

/** A toolbar's button that says why it is of no use when it is not. */
function buttonOf(item: IItem, model: EnvironmentPageModel): Widget {
  return addToolbarButtonClass(
    ReactWidget.create(
      <UseSignal signal={model.stateChanged}>
        {() => {
          const reason = item.reason();
          return (
            <ToolbarButtonComponent
              icon={item.icon}
              label={item.label}
              tooltip={reason || item.tooltip}
              enabled={!reason}
              onClick={item.onClick}
            />
          );
        }}
      </UseSignal>
    )
  );
}
