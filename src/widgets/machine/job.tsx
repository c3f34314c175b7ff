/** The job that makes or changes an environment, with its log. */

import { Button } from '@jupyterlab/ui-components';
import React from 'react';
import type { IJob } from '../../api/providers';
import type { Jobs } from '../../model/machine';
import { useTrans } from '../../translation';
import { Notice } from '../notice';

/** The progress of a job, or the reason why it failed. */
export function JobNotice(props: {
  readonly jobs: Jobs;
  readonly job: IJob;
}): JSX.Element {
  const { job, jobs } = props;
  const trans = useTrans();
  const last = job.log.trim().split('\n').pop() ?? '';
  const running = job.state === 'running';
  return (
    <Notice
      severity={running ? 'info' : 'error'}
      title={
        running
          ? trans.__('Installing packages…')
          : trans.__('The environment was not made')
      }
      text={running ? last : job.error?.message}
    >
      {!running && job.log && (
        <details>
          <summary>{trans.__('Log')}</summary>
          <pre className="jp-CondaStore-machineLog">{job.log}</pre>
        </details>
      )}
      <Button
        className="jp-mod-styled jp-mod-reject"
        onClick={() =>
          running ? void jobs.cancel(job.id) : jobs.dismiss(job.id)
        }
      >
        {running ? trans.__('Cancel') : trans.__('Dismiss')}
      </Button>
    </Notice>
  );
}
