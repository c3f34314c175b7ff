/** The line at the bottom: which server is in use, and how many environments it has. */

import React from 'react';
import type { IStatus } from '../../tokens';
import { useTrans } from '../../translation';
import type { IPanelProps } from './props';

/** Server and count. */
export function Footer(props: IPanelProps): JSX.Element | null {
  const { model } = props;
  const trans = useTrans();
  const { status } = model.server;
  if (!status?.url) {
    return null;
  }
  const { count } = model.listing;
  const { namespaces, launchable } = model.filter;
  const filtered = namespaces.length > 0 || launchable;
  return (
    <div className="jp-CondaStore-footer">
      <span
        className="jp-CondaStore-server"
        data-connection={model.connection}
        title={[status.url, status.version && `conda-store ${status.version}`]
          .filter(part => part)
          .join('\n')}
      >
        <ServerName status={status} />
      </span>
      {count !== null && (
        <span className="jp-CondaStore-count" role="status">
          {trans._n('%1 environment', '%1 environments', count)}
          {filtered && ` · ${trans.__('filtered by the settings')}`}
        </span>
      )}
    </div>
  );
}

/** The host, or that it is the embedded store and where its packages come from. */
function ServerName(props: { readonly status: IStatus }): JSX.Element {
  const trans = useTrans();
  const { url, local_store } = props.status;
  if (url && local_store.state === 'running' && local_store.url === url) {
    return (
      <>
        {local_store.channel === 'local'
          ? trans.__('Local store (local channel)')
          : trans.__('Local store (%1)', local_store.channel ?? 'conda-forge')}
      </>
    );
  }
  try {
    return <>{new URL(url ?? '').host}</>;
  } catch {
    return <>{url ?? ''}</>;
  }
}
