/** The page on which an environment's specification is written. */

import { Button, UseSignal } from '@jupyterlab/ui-components';
import React, { useId, useState } from 'react';
import { fullName } from '../../api/names';
import type { IProblem } from '../../specification';
import { useTrans } from '../../translation';
import { Form } from './form';
import { Identity } from './identity';
import { Notices } from './notices';
import { PreviewPane } from './preview';
import type { IEditorProps } from './props';
import { Yaml } from './yaml';

/** The choice of views that are seen. */
type View = 'form' | 'both' | 'yaml';

/** Drawn anew after each change of the model. */
export function Page(props: IEditorProps): JSX.Element {
  const trans = useTrans();
  const [view, setView] = useState<View>('both');
  return (
    <UseSignal signal={props.model.stateChanged}>
      {() => (
        <div className="jp-CondaStore-editorPage">
          <Header {...props} view={view} onView={setView} />
          <Notices {...props} />
          <div
            className="jp-CondaStore-panes"
            data-view={props.model.isLockfile ? 'both' : view}
          >
            {props.model.isLockfile ? (
              <section
                className="jp-CondaStore-form"
                aria-label={trans.__('Form')}
              >
                <Identity
                  {...props}
                  name={props.model.name}
                  description={null}
                />
              </section>
            ) : (
              <Form {...props} />
            )}
            <Yaml {...props} />
          </div>
          <PreviewPane {...props} />
        </div>
      )}
    </UseSignal>
  );
}

interface IHeaderProps extends IEditorProps {
  readonly view: View;
  readonly onView: (view: View) => void;
}

function Header(props: IHeaderProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const title = model.isExisting
    ? fullName(model)
    : trans.__('New environment');
  return (
    <div className="jp-CondaStore-editorHeader">
      <h2 dir="auto">{title}</h2>
      {!model.isLockfile && <Views {...props} />}
      <span className="jp-CondaStore-readiness" role="status" dir="auto">
        <Readiness {...props} />
      </span>
      {!model.isLockfile && (
        <Button
          className="jp-mod-styled"
          disabled={!model.canPreview || model.preview.running}
          title={trans.__(
            'Find out what would be installed and what would change; nothing is built'
          )}
          onClick={() => void model.runPreview()}
        >
          {trans.__('Preview')}
        </Button>
      )}
      <Button
        className="jp-mod-styled jp-mod-accept"
        disabled={!model.canBuild}
        onClick={() => void model.build()}
      >
        {model.building ? trans.__('Sending…') : trans.__('Build')}
      </Button>
    </div>
  );
}

/** The choice between form and YAML. */
function Views(props: IHeaderProps): JSX.Element {
  const { view, onView } = props;
  const trans = useTrans();
  const name = useId();
  const views: [View, string][] = [
    ['form', trans.__('Form')],
    ['both', trans.__('Both')],
    ['yaml', trans.__('YAML')]
  ];
  return (
    <div
      className="jp-CondaStore-views"
      role="radiogroup"
      aria-label={trans.__('View')}
    >
      {views.map(([value, label]) => (
        <label key={value} data-checked={value === view || undefined}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === view}
            onChange={() => onView(value)}
          />
          {label}
        </label>
      ))}
    </div>
  );
}

/** The reason why it cannot be built; else a note whether it differs from the build. */
function Readiness(props: IEditorProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  if (model.loading) {
    return <>{trans.__('Loading…')}</>;
  }
  const errors = model.problems.filter(isError);
  if (errors.length) {
    return (
      <>
        {errors.length === 1
          ? errors[0].message
          : trans.__('%1 problems to correct', errors.length)}
      </>
    );
  }
  if (model.isLockfile && !model.canBuild && !model.building) {
    return <>{trans.__('The environment needs a name and a namespace.')}</>;
  }
  return (
    <>{model.dirty && model.isExisting ? trans.__('Not built yet') : ''}</>
  );
}

function isError(problem: IProblem): boolean {
  return problem.severity === 'error';
}
