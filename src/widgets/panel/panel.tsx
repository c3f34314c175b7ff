/** The panel in the sidebar. */

import { ReactWidget, SidePanel } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Panel } from '@lumino/widgets';
import React from 'react';
import { condaStoreIcon } from '../../icons';
import { PANEL_ID } from '../../tokens';
import { Body } from './body';
import type { IPanelProps } from './props';
import { Search } from './search';

/** The search box over the list of environments. */
export class CondaStorePanel extends SidePanel {
  /**
   * @param onVisible - Called when the panel comes into sight and when it goes out of it.
   */
  constructor(
    props: IPanelProps,
    private readonly _onVisible: (visible: boolean) => void
  ) {
    super({ content: new Panel() });
    const caption = props.trans.__('Conda-store environments');
    this.id = PANEL_ID;
    this.title.icon = condaStoreIcon;
    this.title.caption = caption;
    this.addClass('jp-CondaStore');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', caption);

    const search = ReactWidget.create(
      <Search {...props} inputRef={this._input} />
    );
    search.addClass('jp-CondaStore-header');
    this.header.addWidget(search);

    const body = ReactWidget.create(<Body {...props} />);
    body.addClass('jp-CondaStore-body');
    this.content.addWidget(body);
  }

  protected onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    this._input.current?.focus();
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._onVisible(this.isVisible);
  }

  protected onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._onVisible(true);
  }

  protected onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this._onVisible(false);
  }

  protected onBeforeDetach(msg: Message): void {
    this._onVisible(false);
    super.onBeforeDetach(msg);
  }

  private readonly _input = React.createRef<HTMLInputElement>();
}
