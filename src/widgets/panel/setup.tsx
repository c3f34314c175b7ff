/** The steps to take when there is no server: name one, or start one on this machine. */

import { Button } from '@jupyterlab/ui-components';
import React from 'react';
import type { ILocalStoreStatus } from '../../tokens';
import { CommandIDs } from '../../tokens';
import { useTrans } from '../../translation';
import { Progress } from '../progress';
import { CheckButton } from './notices';
import type { IPanelProps } from './props';

/** The variable that names a server to Jupyter. */
const VARIABLE = 'CONDA_STORE_URL=https://…';

/** The command that adds the embedded store. */
const INSTALL = 'pip install "conda-store-labext[local]"';

/** The card in place of the list while nothing is configured. */
export function Setup(props: IPanelProps): JSX.Element | null {
  const { model } = props;
  const trans = useTrans();
  const { status } = model.server;
  if (!status) {
    return null;
  }
  const starting =
    status.local_store.state === 'starting' || model.server.localStoreBusy;
  return (
    <div className="jp-CondaStore-setup">
      <p className="jp-CondaStore-title">
        {starting
          ? trans.__('The local store is starting')
          : trans.__('No conda-store is connected')}
      </p>
      {status.error && status.error.code !== 'not_configured' && (
        <p role="alert" dir="auto">
          {status.error.message}
        </p>
      )}
      {starting ? (
        <Starting {...props} store={status.local_store} />
      ) : (
        <>
          <LocalStore {...props} store={status.local_store} />
          <p>
            {trans.__('To use a server, set this before Jupyter is started:')}
          </p>
          <code>{VARIABLE}</code>
          <p className="jp-CondaStore-muted">
            {trans.__('A private server also needs CONDA_STORE_TOKEN.')}
          </p>
          {status.error && status.error.code !== 'not_configured' && (
            <CheckButton {...props} />
          )}
        </>
      )}
    </div>
  );
}

interface IStoreProps extends IPanelProps {
  readonly store: ILocalStoreStatus;
}

/** The progress of the embedded store's start. */
function Starting(props: IStoreProps): JSX.Element {
  const { store } = props;
  const trans = useTrans();
  return (
    <div role="status" aria-busy="true">
      <p dir="auto">{store.message || trans.__('Starting the local store…')}</p>
      <Progress
        label={trans.__('Progress of the local store’s start')}
        fraction={store.progress}
      />
      <p className="jp-CondaStore-muted">
        {trans.__('The first start takes a minute or so.')}
      </p>
    </div>
  );
}

/** The embedded store: how to get it, and to start it. */
function LocalStore(props: IStoreProps): JSX.Element {
  const { model, commands, store } = props;
  const trans = useTrans();
  const error = model.server.localStoreError;
  if (store.state === 'unavailable') {
    const why =
      store.message ||
      trans.__('The local store is not installed: run %1.', INSTALL);
    return (
      <>
        <p dir="auto">{why}</p>
        {why.includes('pip install') && <code>{INSTALL}</code>}
      </>
    );
  }
  const failed = store.state === 'failed' ? store.message : error?.message;
  return (
    <>
      <p>
        {trans.__(
          'A conda-store of your own can run on this machine, with nothing to set up.'
        )}
      </p>
      {failed && (
        <p className="jp-CondaStore-failure" role="alert" dir="auto">
          {failed}
        </p>
      )}
      <Button
        className="jp-mod-styled jp-mod-accept"
        onClick={() => void commands.execute(CommandIDs.startLocalStore)}
      >
        {trans.__('Start a local store')}
      </Button>
    </>
  );
}
