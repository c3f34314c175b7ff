/** The notices of the panel when there is no list, or an incomplete one. */

import { Button } from '@jupyterlab/ui-components';
import React from 'react';
import { CommandIDs } from '../../tokens';
import { useTrans } from '../../translation';
import { Notice } from '../notice';
import type { IPanelProps } from './props';

/** Grey bars in place of the rows to come. */
export function Skeleton(): JSX.Element {
  const trans = useTrans();
  return (
    <div className="jp-CondaStore-skeleton" role="status" aria-busy="true">
      <span className="jp-CondaStore-hidden">
        {trans.__('Loading environments…')}
      </span>
      {[70, 45, 60, 35, 55].map(width => (
        <div key={width} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}

/** The reason why the list is missing or old, in the server's own sentence, and a way to try again. */
export function Problem(props: IPanelProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const away = model.connection === 'disconnected';
  const kept = model.environments.length > 0;
  return (
    <Notice
      severity={away ? 'warning' : 'error'}
      role="alert"
      title={
        away ? trans.__('Not connected') : trans.__('Something went wrong')
      }
      text={
        model.problem?.message ??
        trans.__('The conda-store server does not answer.')
      }
    >
      {kept && (
        <p>
          {trans.__('Environments that are on this machine can still be run.')}
        </p>
      )}
      <AskAgain {...props}>
        {model.loading ? trans.__('Trying…') : trans.__('Retry')}
      </AskAgain>
      <CheckButton {...props} />
    </Notice>
  );
}

interface IAskAgainProps extends IPanelProps {
  readonly children: string;
}

/** The button that asks the server again. */
function AskAgain(props: IAskAgainProps): JSX.Element {
  const { model, children } = props;
  return (
    <Button
      className="jp-mod-styled jp-mod-reject"
      disabled={model.loading}
      onClick={() => void model.refresh()}
    >
      {children}
    </Button>
  );
}

/** The button that has everything checked that stands between here and an environment. */
export function CheckButton({
  commands
}: Pick<IPanelProps, 'commands'>): JSX.Element | null {
  const trans = useTrans();
  return commands.hasCommand(CommandIDs.check) ? (
    <Button
      className="jp-mod-styled jp-mod-reject"
      onClick={() => void commands.execute(CommandIDs.check)}
    >
      {trans.__('Check the connection')}
    </Button>
  ) : null;
}

/** That the server does not know the configured token any more. */
export function SignedOut(props: IPanelProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  return (
    <Notice
      severity="warning"
      role="alert"
      text={
        model.server.status?.error?.message ??
        trans.__(
          'The server does not accept the configured token any more: only what everybody may see is listed.'
        )
      }
    />
  );
}

/** That the server has no environments. */
export function Empty(props: IPanelProps): JSX.Element {
  const { model, commands } = props;
  const trans = useTrans();
  const url = model.server.url ?? '';
  // Whom the server does not know is not let make anything.
  const signedIn = model.server.status?.authenticated !== false;
  return (
    <div className="jp-CondaStore-empty">
      <p className="jp-CondaStore-title">{trans.__('No environments yet')}</p>
      <p>{trans.__('This conda-store has no environment that you may see.')}</p>
      {model.filter.launchable && (
        <p>
          {trans.__('By your settings, what cannot be launched is left out.')}
        </p>
      )}
      {signedIn && commands.hasCommand(CommandIDs.newEnvironment) && (
        <Button
          className="jp-mod-styled jp-mod-accept"
          onClick={() => void commands.execute(CommandIDs.newEnvironment)}
        >
          {trans.__('Make one')}
        </Button>
      )}
      {/^https?:/.test(url) && (
        <a href={url} target="_blank" rel="noopener noreferrer">
          {trans.__('Open the web interface')}
        </a>
      )}
      <AskAgain {...props}>{trans.__('Look again')}</AskAgain>
    </div>
  );
}

/** That a search found nothing. */
export function NoMatch(props: IPanelProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  return (
    <div className="jp-CondaStore-empty" role="status">
      <p dir="auto">
        {trans.__('No environment matches “%1”.', model.listing.search)}
      </p>
      <Button
        className="jp-mod-styled jp-mod-reject"
        onClick={() => model.search.type('')}
      >
        {trans.__('Clear the search')}
      </Button>
    </div>
  );
}
