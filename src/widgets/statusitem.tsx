/** The item in the status bar: the connection, running builds and downloads. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import React from 'react';
import { condaStoreIcon } from '../icons';
import { isActive } from '../model';
import { CommandIDs } from '../tokens';
import { translated, useTrans } from '../translation';
import { percent } from './labels';
import type { IPanelProps } from './panel/props';

/** A button that opens the panel. */
export class StatusItem extends ReactWidget {
  constructor(
    private readonly _props: IPanelProps,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-CondaStore-statusItem');
  }

  protected render(): JSX.Element {
    return translated(
      this._trans,
      <UseSignal signal={this._props.model.stateChanged}>
        {() => <View {...this._props} />}
      </UseSignal>
    );
  }
}

function View(props: IPanelProps): JSX.Element {
  const { commands } = props;
  const trans = useTrans();
  const parts = useStatusParts(props);
  const name = [trans.__('Conda-store'), ...parts].join(', ');
  return (
    <button
      className="jp-CondaStore-status"
      data-connection={props.model.connection}
      title={trans.__('%1. Show the environments.', name)}
      aria-label={name}
      onClick={() => void commands.execute(CommandIDs.open)}
    >
      <condaStoreIcon.react tag="span" width="14px" height="14px" />
      {/* That all is well needs no words. */}
      {parts.slice(props.model.connection === 'connected' ? 1 : 0).join(' · ')}
    </button>
  );
}

/** Return the parts of the status, each in a few words; the connection first. */
function useStatusParts(props: IPanelProps): string[] {
  const { model } = props;
  const trans = useTrans();
  const connection = useConnection(props);
  const builds = new Set([
    ...model.running.builds.map(({ id }) => id),
    ...model.listing.environments.flatMap(row => row.running_build_id ?? [])
  ]).size;
  const copies = model.copies.all.filter(isActive);
  const sum = (of: (copy: (typeof copies)[0]) => number) =>
    copies.reduce((total, copy) => total + of(copy), 0);
  const sized = copies.length > 0 && copies.every(copy => copy.bytes_total);
  const done = sized
    ? percent(sum(copy => copy.bytes_done) / sum(copy => copy.bytes_total ?? 0))
    : null;
  return [
    connection,
    builds ? trans._n('%1 build running', '%1 builds running', builds) : '',
    copies.length
      ? trans._n('%1 download', '%1 downloads', copies.length) +
        (done === null ? '' : ` ${trans.__('%1 %', Math.min(100, done))}`)
      : ''
  ].filter(part => part);
}

function useConnection({ model }: IPanelProps): string {
  const trans = useTrans();
  switch (model.connection) {
    case 'connected':
      return model.server.status?.authenticated === false
        ? trans.__('signed out')
        : trans.__('connected');
    case 'disconnected':
      return trans.__('not connected');
    case 'broken':
      return trans.__('error');
    default:
      return '';
  }
}
