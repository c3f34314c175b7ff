/** The editing page as a widget of the main area. */

import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { editIcon, ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import React from 'react';
import { fullName } from '../../api/names';
import { translated } from '../../translation';
import { Page } from './page';
import type { IEditorProps } from './props';

/** Disposes its model with itself; asks before it closes on edits that were not built. */
export class EditorWidget extends ReactWidget {
  constructor(
    private readonly _props: IEditorProps,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-CondaStore');
    this.addClass('jp-CondaStore-editor');
    this.title.icon = editIcon;
    this.title.closable = true;
    this._props.model.stateChanged.connect(this._updateTitle, this);
    this._updateTitle();
  }

  /** The model that is edited here. */
  get model(): IEditorProps['model'] {
    return this._props.model;
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.model.stateChanged.disconnect(this._updateTitle, this);
    super.dispose();
    this.model.dispose();
  }

  protected render(): JSX.Element {
    return translated(this._trans, <Page {...this._props} />);
  }

  protected onCloseRequest(msg: Message): void {
    if (!this.model.dirty) {
      this.dispose();
      return;
    }
    const trans = this._trans;
    void showDialog({
      title: trans.__('Close without building?'),
      body: trans.__(
        'What you wrote for %1 was not built and will be lost.',
        this.title.label
      ),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Keep editing') }),
        Dialog.warnButton({ label: trans.__('Discard') })
      ]
    }).then(({ button }) => {
      if (button.accept) {
        this.dispose();
      }
    });
  }

  private _updateTitle(): void {
    const { model } = this._props;
    const trans = this._trans;
    const name = model.name && fullName(model);
    this.title.label = model.isExisting
      ? model.name
      : model.name || trans.__('New environment');
    this.title.caption = name
      ? trans.__('Specification of %1', name)
      : trans.__('New environment');
    this.title.className = model.dirty ? 'jp-mod-dirty' : '';
  }
}
