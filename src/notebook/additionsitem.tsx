/** The item of a notebook's toolbar that says how many packages were added, and opens the list of them. */

import {
  Dialog,
  ReactWidget,
  showDialog,
  UseSignal
} from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ToolbarButtonComponent } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IAddition, IAdditionList } from '../api/additions';
import { buildName } from '../api/names';
import type { NotebookAdditions } from './additions';

/** The actions on all added packages. */
export type AdditionsAction = 'promote' | 'keep' | 'discard' | 'writeBack';

/** Shows nothing where nothing was added. */
export class AdditionsItem extends ReactWidget {
  constructor(
    private readonly _additions: NotebookAdditions,
    private readonly _act: (action: AdditionsAction) => void,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-CondaStore-NotebookAdditions');
  }

  render(): JSX.Element {
    return (
      <UseSignal signal={this._additions.changed}>
        {() => this._content()}
      </UseSignal>
    );
  }

  private _content(): JSX.Element | null {
    const { list, requested, installing } = this._additions;
    const trans = this._trans;
    if (installing) {
      return <span role="status">{trans.__('Adding %1…', installing)}</span>;
    }
    const count = requested.length;
    if (!list || !count) {
      return null;
    }
    return (
      <ToolbarButtonComponent
        label={trans._n('%1 package added', '%1 packages added', count)}
        tooltip={trans.__(
          'Installed beside %1, for you alone. Show them.',
          buildName(list)
        )}
        onClick={() => void this._show(list)}
      />
    );
  }

  private async _show(list: IAdditionList): Promise<void> {
    const trans = this._trans;
    const keep = list.kept_for
      ? trans.__('Keep No Longer')
      : trans.__('Keep for This Project');
    const { button } = await showDialog({
      title: trans.__('Added to %1', buildName(list)),
      body: ReactWidget.create(
        <AdditionsTable list={list} trans={trans} />
      ) as Dialog.IBodyWidget<unknown>,
      buttons: [
        Dialog.warnButton({ label: trans.__('Discard'), actions: ['discard'] }),
        Dialog.cancelButton({ label: keep, actions: ['keep'] }),
        Dialog.cancelButton({
          label: trans.__('Write to the Repository…'),
          actions: ['writeBack']
        }),
        Dialog.cancelButton({ label: trans.__('Close') }),
        Dialog.okButton({
          label: trans.__('Add to the Environment…'),
          actions: ['promote']
        })
      ]
    });
    const [action] = button.actions;
    if (action) {
      this._act(action as AdditionsAction);
    }
  }
}

interface ITableProps {
  list: IAdditionList;
  trans: TranslationBundle;
}

/** Every package with its version, and since when it is there; what came along last. */
function AdditionsTable({ list, trans }: ITableProps): JSX.Element {
  const rows = [...list.additions].sort(
    (first, second) => Number(second.requested) - Number(first.requested)
  );
  return (
    <div className="jp-CondaStore-dialog">
      <p>
        {list.kept_for
          ? trans.__('They are kept for %1.', list.kept_for)
          : trans.__(
              'They are there for you alone, and go when the copy of this build is pruned.'
            )}
      </p>
      <table className="jp-CondaStore-additions">
        <thead>
          <tr>
            <th scope="col">{trans.__('Package')}</th>
            <th scope="col">{trans.__('Version')}</th>
            <th scope="col">{trans.__('Since')}</th>
            <th scope="col">{trans.__('Notes')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(addition => (
            <tr key={`${addition.manager} ${addition.name}`}>
              <th scope="row">{addition.name}</th>
              <td>{addition.version}</td>
              <td>{new Date(`${addition.since}Z`).toLocaleString()}</td>
              <td>{noteOf(addition, trans)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function noteOf(addition: IAddition, trans: TranslationBundle): string {
  const notes = addition.requested ? [] : [trans.__('came along')];
  if (addition.hides) {
    notes.push(trans.__('hides %1 of the environment', addition.hides));
  }
  return notes.join(', ');
}
