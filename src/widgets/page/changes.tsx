/** The changes between two builds. */

import React from 'react';
import { useLabels } from './labels';
import { useTrans } from '../../translation';
import { Changes as ChangesTable } from '../changes';
import { BuildChooser, Failure, Loading } from './parts';
import type { IPageProps } from './props';

/** The choice of two builds, and their differences. */
export function Changes(props: IPageProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const labels = useLabels();
  const { value, error, loading } = model.changes;
  const { pair } = model;
  if (pair.since === null || pair.id === null) {
    return (
      <p className="jp-CondaStore-muted">
        {trans.__(
          'There is nothing to compare yet: it takes two builds that were completed.'
        )}
      </p>
    );
  }
  return (
    <>
      <div className="jp-CondaStore-controls">
        <BuildChooser
          {...props}
          completedOnly
          label={trans.__('From')}
          value={pair.since}
          onChoose={since => model.compare({ ...pair, since })}
        />
        <BuildChooser
          {...props}
          completedOnly
          label={trans.__('to')}
          value={pair.id}
          onChoose={id => model.compare({ ...pair, id })}
        />
        <span className="jp-CondaStore-muted" role="status">
          {value && labels.changes(value)}
        </span>
      </div>
      {error && <Failure error={error} />}
      {loading && !value && <Loading>{trans.__('Comparing…')}</Loading>}
      {value && <ChangesTable changes={value} />}
      {value && !value.specification && (
        <p className="jp-CondaStore-muted">
          {trans.__('The specifications are the same.')}
        </p>
      )}
    </>
  );
}
