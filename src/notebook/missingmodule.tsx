/** The offer below a cell that ended because a module is not there. */

import { ReactWidget } from '@jupyterlab/apputils';
import type { Notebook } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { PanelLayout } from '@lumino/widgets';
import * as React from 'react';
import type { IAdditionsApi, IMissingModule } from '../api/additions';

type Cell = Notebook['widgets'][number];

const MISSING = /^No module named '([\w.]+)'/;

/** The actions on a missing module. */
export interface IModuleActions {
  /** Install the package beside the build, then run the cell again. */
  add(cell: Cell, missing: IMissingModule): Promise<void>;
  /** Propose it to the environment. */
  propose(missing: IMissingModule): Promise<void>;
}

/** Offers, below the output of a cell, the package that brings the module it lacks; installs nothing by itself. */
export class MissingModules {
  constructor(
    private readonly _api: Pick<IAdditionsApi, 'missingModule'>,
    private readonly _trans: TranslationBundle,
    private readonly _actions: (notebook: Notebook) => IModuleActions | null
  ) {
    NotebookActions.executed.connect((_, { notebook, cell, success }) => {
      this._shown.get(cell)?.dispose();
      const actions = success ? null : this._actions(notebook);
      const module = actions && missingModule(cell);
      if (actions && module) {
        void this._offer(cell, module, actions);
      }
    });
  }

  private async _offer(
    cell: Cell,
    module: string,
    actions: IModuleActions
  ): Promise<void> {
    const missing = await this._api.missingModule(module).catch(() => null);
    if (
      !missing?.package ||
      cell.isDisposed ||
      missingModule(cell) !== module
    ) {
      return;
    }
    this._shown.get(cell)?.dispose();
    const offer = new ModuleOffer(missing, this._trans, {
      add: async () => {
        offer.dispose();
        await actions.add(cell, missing);
      },
      propose: async () => {
        offer.dispose();
        await actions.propose(missing);
      }
    });
    this._shown.set(cell, offer);
    (cell.layout as PanelLayout).addWidget(offer);
  }

  private readonly _shown = new WeakMap<Cell, ModuleOffer>();
}

/** The module that a cell's output says is missing; null for none. */
export function missingModule(cell: Cell): string | null {
  const { outputs } = cell.model.toJSON() as { outputs?: unknown };
  for (const output of Array.isArray(outputs) ? outputs : []) {
    const { ename, evalue } = output as { ename?: string; evalue?: string };
    if (ename === 'ModuleNotFoundError') {
      return MISSING.exec(evalue ?? '')?.[1] ?? null;
    }
  }
  return null;
}

/** The offer itself. */
class ModuleOffer extends ReactWidget {
  constructor(
    private readonly _missing: IMissingModule,
    private readonly _trans: TranslationBundle,
    private readonly _on: { add(): Promise<void>; propose(): Promise<void> }
  ) {
    super();
    this.addClass('jp-CondaStore-moduleOffer');
  }

  protected render(): JSX.Element {
    const trans = this._trans;
    const { module, package: name } = this._missing;
    return (
      <div role="group" aria-label={trans.__('Missing module %1', module)}>
        <span>{trans.__('%1 is in the package %2.', module, name ?? '')}</span>
        <button
          className="jp-mod-styled jp-mod-accept"
          onClick={() => void this._on.add()}
        >
          {trans.__('Add to My Additions')}
        </button>
        <button
          className="jp-mod-styled jp-mod-reject"
          onClick={() => void this._on.propose()}
        >
          {trans.__('Propose to the Environment…')}
        </button>
      </div>
    );
  }
}
