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
import React, { useState } from 'react';
import type { IProviderSection } from '../../model/machine';
import { CommandIDs } from '../../tokens';
import { translated, useTrans } from '../../translation';
import { Notice } from '../notice';
import { JobNotice } from './job';
import type { IMachineProps } from './props';
import { EnvironmentRow } from './row';

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
  const jobs = model.jobs.shown.filter(job => job.provider === provider.id);
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
            <JobNotice key={job.id} jobs={model.jobs} job={job} />
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
