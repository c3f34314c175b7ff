/** The builds of an environment, newest first. */

import React from 'react';
import { useTrans } from '../../translation';
import { BuildRow } from './buildrow';
import { Failure, LinkButton, Loading } from './parts';
import type { IPageProps } from './props';

/** A row for each build that was fetched, and older ones at a click. */
export function Builds(props: IPageProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const { builds, count, loading, error } = model.builds;
  if (!builds.length) {
    return loading || !model.environment ? (
      <Loading>{trans.__('Loading builds…')}</Loading>
    ) : (
      <p className="jp-CondaStore-muted">{trans.__('No builds yet')}</p>
    );
  }
  return (
    <>
      <ul className="jp-CondaStore-builds" aria-label={trans.__('Builds')}>
        {builds.map(build => (
          <BuildRow key={build.id} {...props} build={build} />
        ))}
      </ul>
      {error && !model.error && <Failure error={error} />}
      <p className="jp-CondaStore-end" role="status">
        {trans._n('%1 build', '%1 builds', count)}
        {builds.length < count && (
          <>
            {' · '}
            <LinkButton disabled={loading} onClick={() => void model.more()}>
              {loading
                ? trans.__('Loading more…')
                : trans.__('Load more (%1 of %2 shown)', builds.length, count)}
            </LinkButton>
          </>
        )}
      </p>
    </>
  );
}
