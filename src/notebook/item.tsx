/** The item of a notebook's toolbar: the build, switching to a newer one, and going back. */

import { ReactWidget, UseSignal } from '@jupyterlab/apputils';
import { ToolbarButtonComponent } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IBuildReference } from '../tokens';
import type { NotebookBuild } from './build';

/** Shows a notebook's build; nothing where that is none of conda-store's. */
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
    const { running, newer, previous, switching, standing } = this._build;
    const trans = this._trans;
    if (!running) {
      return null;
    }
    const { namespace, environment, build_id } = running;
    return (
      <>
        {/* The kernel's own item shows it; this is for those who look for the build itself. */}
        <span className="jp-CondaStore-NotebookBuild-name" hidden>
          {`${namespace}/${environment} #${build_id}`}
        </span>
        {newer && (
          <ToolbarButtonComponent
            className="jp-CondaStore-NotebookBuild-newer"
            label={trans.__('Switch to #%1', newer.build_id)}
            tooltip={trans.__(
              'A newer build exists. Restart the kernel on it. %1',
              standing?.changes ?? ''
            )}
            enabled={!switching}
            onClick={() => this._use(newer)}
          />
        )}
        {previous && previous.build_id !== build_id && (
          <ToolbarButtonComponent
            label={trans.__('Back to #%1', previous.build_id)}
            tooltip={trans.__('Restart the kernel on the build before.')}
            enabled={!switching}
            onClick={() => this._use(previous)}
          />
        )}
      </>
    );
  }
}
