/** The log of a build, as it grows. */

import { Button } from '@jupyterlab/ui-components';
import React, { useState } from 'react';
import { isInProgress } from '../../model';
import { useTrans } from '../../translation';
import { useLabels } from './labels';
import { LogText } from './logtext';
import { ArtifactLink, BuildChooser, Failure, Loading } from './parts';
import type { IPageProps } from './props';

/** The choice of a build, its stage, its first error, and the text of its log. */
export function Log(props: IPageProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const { log, error, loading } = model.log;
  const { buildId } = model;
  const build = model.builds.builds.find(row => row.id === buildId);
  const running = !!build && isInProgress(build);
  const [follow, setFollow] = useState(true);
  const [jumps, setJumps] = useState(0);
  if (buildId === null) {
    return <p className="jp-CondaStore-muted">{trans.__('No builds yet')}</p>;
  }
  const jump = () => {
    setFollow(false);
    setJumps(jumps + 1);
  };
  return (
    <>
      <div className="jp-CondaStore-controls">
        <BuildChooser
          {...props}
          label={trans.__('Log of')}
          value={buildId}
          onChoose={id => model.choose(id)}
        />
        {running && (
          <label className="jp-CondaStore-follow">
            <input
              type="checkbox"
              checked={follow}
              onChange={event => setFollow(event.target.checked)}
            />
            {trans.__('Follow')}
          </label>
        )}
        {log?.text && (
          <ArtifactLink {...props} buildId={buildId} kind="log">
            {trans.__('Save the log')}
          </ArtifactLink>
        )}
        <span className="jp-CondaStore-muted" role="status">
          {build && running && <Stage {...props} />}
        </span>
      </div>
      {error && error.code !== 'not_found' && <Failure error={error} />}
      {log?.first_error && (
        <div className="jp-CondaStore-firstError" role="alert">
          <span>
            <strong>{trans.__('First error')}</strong>{' '}
            <span dir="auto">{log.first_error.text}</span>
          </span>
          <Button
            className="jp-CondaStore-rowButton"
            minimal
            small
            onClick={jump}
          >
            {trans.__('Jump to it')}
          </Button>
        </div>
      )}
      {log?.truncated && (
        <p className="jp-CondaStore-muted">
          {trans.__(
            'This is the end of a long log; save it to read all of it.'
          )}
        </p>
      )}
      {log?.text ? (
        <LogText
          key={buildId}
          text={log.text}
          label={trans.__('Log of build %1', buildId)}
          errorLine={log.first_error?.line ?? null}
          jumps={jumps}
          follow={follow && running}
          onFollow={setFollow}
        />
      ) : loading ? (
        <Loading>{trans.__('Loading the log…')}</Loading>
      ) : (
        <p className="jp-CondaStore-muted">
          {build?.status === 'QUEUED'
            ? trans.__('It is queued: nothing is logged before it starts.')
            : trans.__('Nothing is logged.')}
        </p>
      )}
    </>
  );
}

/** The stage of a build, and how long it has taken. */
function Stage(props: IPageProps): JSX.Element | null {
  const { model } = props;
  const trans = useTrans();
  const labels = useLabels();
  const build = model.builds.builds.find(row => row.id === model.buildId);
  if (!build) {
    return null;
  }
  const stage = model.log.log?.stage;
  const what =
    build.status === 'QUEUED'
      ? trans.__('queued')
      : stage
        ? trans.__('building: %1', stage)
        : trans.__('building');
  return <>{`${what} · ${labels.buildTime(build, Date.now())}`}</>;
}
