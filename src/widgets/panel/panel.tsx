/** The panel, in a sidebar by default. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, SidePanel } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';
import { Panel } from '@lumino/widgets';
import React from 'react';
import { condaStoreIcon } from '../../icons';
import { PANEL_ID } from '../../tokens';
import { translated } from '../../translation';
import { Body } from './body';
import type { IPanelProps } from './props';
import { Search } from './search';

/** The areas in which a tab is an icon alone; in the others, to which a person can move the panel, it needs a name. */
const SIDEBARS = '#jp-left-stack, #jp-right-stack';

/** The search box over the list of environments. */
export class CondaStorePanel extends SidePanel {
  /**
   * @param onVisible - Called when the panel becomes visible or hidden.
   */
  constructor(
    props: IPanelProps,
    trans: TranslationBundle,
    private readonly _onVisible: (visible: boolean) => void
  ) {
    super({ content: new Panel() });
    const caption = trans.__('Conda-store environments');
    this.id = PANEL_ID;
    this.title.icon = condaStoreIcon;
    this.title.caption = caption;
    this.addClass('jp-CondaStore');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', caption);

    const search = ReactWidget.create(translated(trans, <Search {...props} />));
    search.addClass('jp-CondaStore-header');
    this.header.addWidget(search);

    const body = ReactWidget.create(translated(trans, <Body {...props} />));
    body.addClass('jp-CondaStore-body');
    this.content.addWidget(body);
  }

  /** Emitted when the panel becomes visible. */
  get shown(): ISignal<this, void> {
    return this._shown;
  }

  /** Add a section below the list. */
  addSection(widget: Widget): void {
    this.content.addWidget(widget);
  }

  protected onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    // A ref would be null once the panel was moved: React clears it for the input that went, after it was set anew.
    this.header.node.querySelector('input')?.focus();
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this.title.label = this.node.closest(SIDEBARS) ? '' : this.title.caption;
    this._onVisible(this.isVisible);
    if (this.isVisible) {
      this._shown.emit();
    }
  }

  protected onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._onVisible(true);
    this._shown.emit();
  }

  protected onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this._onVisible(false);
  }

  protected onBeforeDetach(msg: Message): void {
    this._onVisible(false);
    super.onBeforeDetach(msg);
  }

  private readonly _shown = new Signal<this, void>(this);
}
