/** The page of an environment of this machine as a widget of the main area. */

import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  CommandToolbarButton,
  ReactWidget,
  Toolbar,
  UseSignal
} from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import React from 'react';
import { condaStoreIcon } from '../../icons';
import type { MachinePageModel } from '../../model/machine';
import { CommandIDs } from '../../tokens';
import { translated } from '../../translation';
import { MachinePageView } from './view';

/** The commands of the page's toolbar. */
const COMMANDS = [
  CommandIDs.launchMachine,
  CommandIDs.terminalMachine,
  CommandIDs.registerMachine
];

/** Its packages, and what can be done with it. */
export class MachinePage extends MainAreaWidget<ReactWidget> {
  constructor(
    readonly model: MachinePageModel,
    commands: CommandRegistry,
    trans: TranslationBundle
  ) {
    const content = ReactWidget.create(
      translated(
        trans,
        <UseSignal signal={model.stateChanged}>
          {() => <MachinePageView model={model} commands={commands} />}
        </UseSignal>
      )
    );
    content.addClass('jp-CondaStore-page');
    super({ content });
    const { provider, key, environment } = model;
    this.id = `conda-store-machine-${provider}-${key}`;
    this.addClass('jp-CondaStore-pageWidget');
    this.title.label = environment?.display_name ?? '';
    this.title.caption = environment?.prefix ?? '';
    this.title.icon = condaStoreIcon;
    this.title.closable = true;
    const add = (id: string) =>
      this.toolbar.addItem(
        id,
        new CommandToolbarButton({ commands, id, args: { provider, key } })
      );
    COMMANDS.forEach(add);
    this.toolbar.addItem('spacer', Toolbar.createSpacerItem());
    add(CommandIDs.removeMachine);
  }

  dispose(): void {
    if (!this.isDisposed) {
      super.dispose();
      this.model.dispose();
    }
  }
}
