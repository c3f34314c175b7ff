/** The notices above a page's sections. */

import { Button, closeIcon } from '@jupyterlab/ui-components';
import React from 'react';
import { useTrans } from '../../translation';
import { Notice } from '../notice';
import { LinkButton, Loading } from './parts';
import type { IPageProps } from './props';

/** The server is away, the environment is gone, or an action failed. */
export function Notices(props: IPageProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const { error } = model;
  const { failure } = model.actions;
  const dismiss = trans.__('Dismiss');
  return (
    <>
      {error && (
        <Notice
          severity={model.gone ? 'error' : 'warning'}
          role="alert"
          title={
            model.gone
              ? trans.__('This environment is not on the server')
              : trans.__('Not connected')
          }
          text={error.message}
        >
          {!model.gone && (
            <p className="jp-CondaStore-muted">
              {model.environment
                ? trans.__(
                    'This is what was last known; the page looks again by itself.'
                  )
                : trans.__('The page looks again by itself.')}{' '}
              <LinkButton onClick={() => void model.refresh()}>
                {trans.__('Look now')}
              </LinkButton>
            </p>
          )}
        </Notice>
      )}
      {failure && (
        <Notice severity="error" text={failure.message}>
          <Button
            className="jp-CondaStore-button jp-CondaStore-dismiss"
            minimal
            small
            title={dismiss}
            aria-label={dismiss}
            onClick={() => model.actions.dismiss()}
          >
            <closeIcon.react tag="span" />
          </Button>
        </Notice>
      )}
      {!model.environment && !error && (
        <Loading>{trans.__('Loading the environment…')}</Loading>
      )}
    </>
  );
}
