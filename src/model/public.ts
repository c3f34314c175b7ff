/** The model as other extensions get it. */

import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type {
  IBuildReference,
  ICondaStoreModel,
  IEnvironment,
  ILocalCopy,
  IStatus
} from '../tokens';
import type { EnvironmentsModel } from './panel/environments';

/** A stable interface to the panel's model, whose parts may change at any time. */
export class CondaStoreModel implements ICondaStoreModel {
  constructor(private readonly _model: EnvironmentsModel) {
    _model.stateChanged.connect(this._onChanged, this);
  }

  get stateChanged(): ISignal<this, void> {
    return this._stateChanged;
  }

  get status(): IStatus | null {
    return this._model.server.status;
  }

  get environments(): ReadonlyArray<IEnvironment> {
    return this._model.environments;
  }

  get localCopies(): ReadonlyArray<ILocalCopy> {
    return this._model.copies.all;
  }

  refresh(): Promise<void> {
    return this._model.refresh();
  }

  fetchCopy(build: IBuildReference): Promise<ILocalCopy> {
    return this._model.copies.fetch(build);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._model.stateChanged.disconnect(this._onChanged, this);
      Signal.clearData(this);
    }
  }

  private _onChanged(): void {
    this._stateChanged.emit();
  }

  private _isDisposed = false;
  private readonly _stateChanged = new Signal<this, void>(this);
}
