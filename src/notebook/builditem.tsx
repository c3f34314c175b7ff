/** The item of a notebook's toolbar: the folder's build that is starting, switching to a newer one, going back. */

import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import { ToolbarButtonComponent } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { fullName } from '../api/names';
import type { IBuildReference } from '../tokens';
import type { NotebookBuild } from './build';

/** Shows what can be done about a notebook's build; nothing where that is none of conda-store's. */
export class BuildItem extends ReactWidget {
  constructor(
    private readonly _build: NotebookBuild,
    private readonly _use: (build: IBuildReference) => void,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-CondaStore-NotebookBuild');
  }

  render(): JSX.Element {
    return (
      <UseSignal signal={this._build.stateChanged}>
        {() => this._content()}
      </UseSignal>
    );
  }

  private _content(): JSX.Element | null {
    const { running, newer, previous, starting, switching, status } =
      this._build;
    const trans = this._trans;
    if (starting) {
      const name = fullName(starting);
      return (
        <span className="jp-CondaStore-NotebookBuild-starting" role="status">
          {trans.__('Starting %1…', name)}
        </span>
      );
    }
    if (!running) {
      return null;
    }
    const shown = [running.build_id, newer?.build_id];
    const back = shown.includes(previous?.build_id) ? null : previous;
    return (
      <>
        {newer && (
          <ToolbarButtonComponent
            className="jp-CondaStore-NotebookBuild-newer"
            label={trans.__('Switch to #%1', newer.build_id)}
            tooltip={trans.__(
              'A newer build exists. Restart the kernel on it. %1',
              status?.changes ?? ''
            )}
            enabled={!switching}
            onClick={() => this._use(newer)}
          />
        )}
        {back && (
          <ToolbarButtonComponent
            label={trans.__('Back to #%1', back.build_id)}
            tooltip={trans.__('Restart the kernel on the build before.')}
            enabled={!switching}
            onClick={() => this._use(back)}
          />
        )}
      </>
    );
  }
}
