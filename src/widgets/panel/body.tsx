/** The panel below the search box: the list, or what there is to say instead of it. */

import { UseSignal } from '@jupyterlab/ui-components';
import React from 'react';
import { useTrans } from '../../translation';
import { Footer } from './footer';
import { Empty, NoMatch, Problem, SignedOut, Skeleton } from './notices';
import type { IPanelProps } from './props';
import { Setup } from './setup';
import { Tree } from './tree';

/** Drawn anew after each change of the model. */
export function Body(props: IPanelProps): JSX.Element {
  return (
    <UseSignal signal={props.model.stateChanged}>
      {() => <View {...props} />}
    </UseSignal>
  );
}

function View(props: IPanelProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const { connection, listing } = model;
  const { status } = model.server;
  const rows = model.environments.length > 0;
  const away = connection === 'disconnected' || connection === 'broken';
  const first =
    !away && connection !== 'unconfigured' && listing.count === null;
  const none = connection === 'connected' && listing.count === 0;
  return (
    <>
      <div className="jp-CondaStore-scroll" data-connection={connection}>
        {connection === 'connected' && status?.authenticated === false && (
          <SignedOut {...props} />
        )}
        {away && <Problem {...props} />}
        {connection === 'unconfigured' && <Setup {...props} />}
        {connection === 'unconfigured' && rows && (
          <p className="jp-CondaStore-heading">
            {trans.__('Copies on this machine')}
          </p>
        )}
        {first && !rows && <Skeleton />}
        {none && !listing.search && <Empty {...props} />}
        {none && listing.search && <NoMatch {...props} />}
        {rows && <Tree {...props} />}
      </div>
      <Footer {...props} />
    </>
  );
}
