/** The page on which a repository is looked at and opened, as a widget of the main area. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { launchIcon, ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { UUID } from '@lumino/coreutils';
import React from 'react';
import { translated } from '../../translation';
import { Page } from './page';
import type { IRepositoryProps } from './props';

/** Disposes its model with itself; what is under way then ends. */
export class RepositoryPage extends ReactWidget {
  constructor(
    private readonly _props: IRepositoryProps,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.id = `conda-store-repository-${UUID.uuid4()}`;
    this.addClass('jp-CondaStore');
    this.addClass('jp-CondaStore-editor');
    this.title.icon = launchIcon;
    this.title.closable = true;
    const trans = _trans;
    this.title.label = trans.__('Open a repository');
    this.title.caption = trans.__(
      'Open a notebook of a git repository on its own environment'
    );
  }

  /** The model of the repository that is looked at here. */
  get model(): IRepositoryProps['model'] {
    return this._props.model;
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    super.dispose();
    this.model.dispose();
  }

  protected render(): JSX.Element {
    return translated(
      this._trans,
      <UseSignal signal={this.model.stateChanged}>
        {() => <Page {...this._props} />}
      </UseSignal>
    );
  }
}
