/** The panel's section of environments that are on this machine already. */

import {
  addIcon,
  Button,
  caretDownIcon,
  caretRightIcon,
  ReactWidget,
  UseSignal
} from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import React, { useState } from 'react';
import type { IJob } from '../../api/providers';
import type { IProviderSection, ProvidersModel } from '../../model/machine';
import { CommandIDs } from '../../tokens';
import { translated, useTrans } from '../../translation';
import { Notice } from '../notice';
import { EnvironmentRow } from './row';

/** What every component of the section is given. */
export interface IMachineProps {
  readonly model: ProvidersModel;
  readonly commands: CommandRegistry;
}

/** The section below the list of conda-store's environments. */
export class MachineSection extends ReactWidget {
  constructor(
    private readonly _props: IMachineProps,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-CondaStore-machine');
  }

  protected render(): JSX.Element {
    return translated(this._trans, <Sections {...this._props} />);
  }
}

/** Drawn anew after each change of the model. */
export function Sections(props: IMachineProps): JSX.Element {
  return (
    <UseSignal signal={props.model.stateChanged}>
      {() => <View {...props} />}
    </UseSignal>
  );
}

function View(props: IMachineProps): JSX.Element | null {
  const { model } = props;
  const trans = useTrans();
  if (model.error) {
    return (
      <Notice severity="error" text={model.error.message}>
        <Button
          className="jp-mod-styled jp-mod-reject"
          onClick={() => void model.refresh()}
        >
          {trans.__('Look again')}
        </Button>
      </Notice>
    );
  }
  return (
    <>
      {model.sections?.map(section => (
        <Section key={section.provider.id} {...props} section={section} />
      ))}
    </>
  );
}

function Section(
  props: IMachineProps & { readonly section: IProviderSection }
): JSX.Element {
  const { model, commands, section } = props;
  const trans = useTrans();
  const { provider, environments, error, problem } = section;
  const [open, setOpen] = useState(true);
  const jobs = model.jobs.filter(job => job.provider === provider.id);
  const Caret = open ? caretDownIcon : caretRightIcon;
  const title =
    provider.id === 'machine' ? trans.__('On this machine') : provider.title;
  return (
    <section aria-label={title}>
      <div className="jp-CondaStore-machineHeader">
        <button
          className="jp-CondaStore-machineTitle"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Caret.react tag="span" className="jp-CondaStore-caret" />
          {title}
        </button>
        {provider.creates && (
          <Button
            minimal
            small
            title={trans.__('Create an environment in the current folder')}
            aria-label={trans.__('Create an environment in the current folder')}
            onClick={() => void commands.execute(CommandIDs.createVenv, {})}
          >
            <addIcon.react tag="span" />
          </Button>
        )}
      </div>
      {open && (
        <>
          {error && <Notice severity="error" text={error.message} />}
          {problem && <Notice severity="warning" text={problem} />}
          {jobs.map(job => (
            <JobRow key={job.id} {...props} job={job} />
          ))}
          <ul className="jp-CondaStore-machineList">
            {environments.map(environment => (
              <EnvironmentRow
                key={environment.key}
                {...props}
                environment={environment}
              />
            ))}
          </ul>
          {!environments.length && !error && !jobs.length && (
            <p className="jp-CondaStore-machineNone jp-CondaStore-muted">
              {provider.creates
                ? trans.__(
                    'There is no environment in this folder or in the customary places. Create one with +, or from a requirements.txt in the file browser.'
                  )
                : trans.__('There is no environment here.')}
            </p>
          )}
        </>
      )}
    </section>
  );
}

/** What is being made, or why it was not. */
function JobRow(props: IMachineProps & { readonly job: IJob }): JSX.Element {
  const { job, model } = props;
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
          running ? void model.cancel(job.id) : model.dismiss(job.id)
        }
      >
        {running ? trans.__('Cancel') : trans.__('Dismiss')}
      </Button>
    </Notice>
  );
}
