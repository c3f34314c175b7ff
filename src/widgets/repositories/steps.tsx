/** The progress of a look or an opening: a line for each step, with its bar, and a way to end it. */

import { Button } from '@jupyterlab/ui-components';
import React from 'react';
import type { IRepositoryStep } from '../../api/repositories';
import { CommandIDs } from '../../tokens';
import { useTrans } from '../../translation';
import { Progress } from '../progress';
import type { IRepositoryProps } from './props';

/** Nothing before the first, and nothing of a look that is done. */
export function Steps(props: IRepositoryProps): JSX.Element | null {
  const { model } = props;
  const { visit, running, opening } = model;
  const trans = useTrans();
  if (!running && !(visit && opening)) {
    return null;
  }
  const steps = visit?.steps ?? [];
  return (
    <section
      className="jp-CondaStore-steps"
      aria-label={trans.__('Progress')}
      aria-busy={running}
    >
      <ul>
        {steps.map(step => (
          <Step key={step.name} step={step} />
        ))}
      </ul>
      {running && (
        <Button
          className="jp-mod-styled"
          disabled={!visit}
          onClick={() => void model.cancel()}
        >
          {trans.__('Cancel')}
        </Button>
      )}
      <BuildWords {...props} />
    </section>
  );
}

/** The line of a step, with its bar as long as it runs. */
function Step({ step }: { step: IRepositoryStep }): JSX.Element {
  const words = useWords(step);
  return (
    <li data-state={step.state}>
      <span role="status">{words}</span>
      {step.state === 'running' && (
        <Progress
          label={words}
          fraction={step.share === null ? null : step.share / 100}
        />
      )}
    </li>
  );
}

/** The last lines of the build's log, and the way to all of it. */
function BuildWords(props: IRepositoryProps): JSX.Element | null {
  const { model, commands } = props;
  const { log } = model.log;
  const { visit, seen } = model;
  const trans = useTrans();
  const [namespace, environment] = (seen?.environment ?? '').split('/');
  if (!visit?.build_id || visit.state === 'ready' || !environment) {
    return null;
  }
  const args = {
    namespace,
    environment: environment.split(':')[0],
    build_id: visit.build_id,
    section: 'log'
  };
  return (
    <div className="jp-CondaStore-buildWords">
      {log?.first_error ? (
        <pre dir="auto">{log.first_error.text}</pre>
      ) : (
        log?.text && (
          <pre>{log.text.trim().split('\n').slice(-6).join('\n')}</pre>
        )
      )}
      <Button
        className="jp-mod-styled"
        onClick={() => void commands.execute(CommandIDs.openEnvironment, args)}
      >
        {trans.__('Show the whole log')}
      </Button>
    </div>
  );
}

/** Return in words what a step does, or has done. */
function useWords(step: IRepositoryStep): string {
  const trans = useTrans();
  const { name, state, detail } = step;
  const done = state === 'done';
  if (done && detail) {
    return detail;
  }
  switch (name) {
    case 'look':
      return done
        ? trans.__('The repository was looked at.')
        : trans.__('Looking at the repository…');
    case 'build':
      return done
        ? trans.__('The environment is built.')
        : detail
          ? trans.__('Building the environment: %1', detail)
          : trans.__('Building the environment…');
    case 'clone':
      return detail
        ? trans.__('Cloning: %1', detail)
        : trans.__('Cloning the repository…');
    case 'make':
      return done
        ? trans.__('The environment is made.')
        : detail
          ? trans.__('Making the environment: %1', detail)
          : trans.__('Making the environment…');
    default:
      return done
        ? trans.__('The environment is here.')
        : trans.__('Downloading the environment…');
  }
}
