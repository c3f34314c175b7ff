/** The view of the page of an environment of this machine. */

import type { CommandRegistry } from '@lumino/commands';
import React from 'react';
import type { MachinePageModel } from '../../model/machine';
import { CommandIDs } from '../../tokens';
import { useTrans } from '../../translation';
import { Notice } from '../notice';
import { Failure, LinkButton } from '../page/parts';
import { JobNotice } from './job';
import { PackageChange } from './packagechange';
import { PackageTable } from './packagetable';

/** The props of every component of the page. */
export interface IMachinePageProps {
  readonly model: MachinePageModel;
  readonly commands: CommandRegistry;
}

/** The description, the running job and the packages of the environment. */
export function MachinePageView(props: IMachinePageProps): JSX.Element {
  const trans = useTrans();
  const { model, commands } = props;
  const { environment, providers } = model;
  if (!environment) {
    return (
      <Notice
        severity="error"
        title={trans.__('This environment is not on this machine any more')}
      />
    );
  }
  const { provider, key, display_name, prefix, problem } = environment;
  const jobs = providers.jobs.shown.filter(({ folder }) => folder === key);
  return (
    <>
      <header className="jp-CondaStore-pageHeader">
        <h1 dir="auto">{display_name}</h1>
        {prefix && (
          <p className="jp-CondaStore-muted" dir="auto">
            {prefix}
          </p>
        )}
        {problem && (
          <p className="jp-CondaStore-failure" dir="auto">
            {problem.message}{' '}
            {problem.code === 'python_gone' && (
              <LinkButton
                disabled={model.busy}
                onClick={() =>
                  void commands.execute(CommandIDs.recreateMachine, {
                    provider,
                    key
                  })
                }
              >
                {trans.__('Recreate')}
              </LinkButton>
            )}
          </p>
        )}
      </header>
      {jobs.map(job => (
        <JobNotice key={job.id} jobs={providers.jobs} job={job} />
      ))}
      <div className="jp-CondaStore-section">
        {model.actions.failure && <Failure error={model.actions.failure} />}
        {model.changeable && <PackageChange {...props} />}
        <PackageTable {...props} />
      </div>
    </>
  );
}
