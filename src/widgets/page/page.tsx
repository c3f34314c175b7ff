/** An environment's page as a widget of the main area. */

import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import React from 'react';
import { fullName } from '../../api/names';
import { condaStoreIcon } from '../../icons';
import type { EnvironmentPageModel } from '../../model';
import { PageRefresher } from '../../model';
import { translated } from '../../translation';
import type { IPageProps } from './props';
import { fillToolbar } from './toolbar';
import { PageView } from './view';

/** The id of an environment's page. */
export function pageId(namespace: string, name: string): string {
  const parts = [namespace, name].map(encodeURIComponent);
  return `conda-store-page-${parts.join('/')}`;
}

/** Looks at the server while it is seen. */
export class EnvironmentPage extends MainAreaWidget<ReactWidget> {
  constructor(props: IPageProps, trans: TranslationBundle) {
    const { model } = props;
    const id = pageId(model.namespace, model.name);
    const content = ReactWidget.create(
      translated(trans, <PageView {...props} id={id} />)
    );
    content.addClass('jp-CondaStore-page');
    super({ content });
    this.id = id;
    this.addClass('jp-CondaStore-pageWidget');
    this.model = model;
    this.title.label = model.name;
    this.title.caption = fullName(model);
    this.title.icon = condaStoreIcon;
    this.title.closable = true;
    fillToolbar(this.toolbar, props, trans);
    this._refresher = new PageRefresher(model);
  }

  readonly model: EnvironmentPageModel;

  dispose(): void {
    if (!this.isDisposed) {
      this._refresher.dispose();
      this.model.dispose();
      super.dispose();
    }
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._refresher.visible = this.isVisible;
  }

  protected onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._refresher.visible = true;
  }

  protected onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this._refresher.visible = false;
  }

  protected onBeforeDetach(msg: Message): void {
    this._refresher.visible = false;
    super.onBeforeDetach(msg);
  }

  private readonly _refresher: PageRefresher;
}
