/** The specification as a form. */

import React from 'react';
import { useTrans } from '../../translation';
import { Notice } from '../notice';
import { Channels } from './channels';
import { Identity } from './identity';
import { Packages } from './packages';
import { Pip } from './pip';
import type { IEditorProps } from './props';

/** Its fields write into the YAML; while that cannot be read they stand still. */
export function Form(props: IEditorProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const content = model.content ?? model.lastContent;
  return (
    <section
      className="jp-CondaStore-form"
      aria-label={trans.__('Form')}
      aria-busy={model.loading}
      // With every field disabled nothing else in it could be scrolled by the keyboard.
      tabIndex={model.content ? undefined : 0}
    >
      {!model.content && <Broken {...props} />}
      {content && (
        <fieldset disabled={!model.content || model.loading}>
          <Identity
            {...props}
            name={model.isExisting ? model.name : content.name}
            description={content.description}
          />
          <Channels {...props} content={content} />
          <Packages {...props} content={content} />
          <Pip {...props} content={content} />
          {content.others.length > 0 && (
            <p className="jp-CondaStore-muted">
              {trans.__(
                'Kept as they stand in the YAML: %1.',
                content.others.join(', ')
              )}
            </p>
          )}
        </fieldset>
      )}
    </section>
  );
}

/** That the form has to wait until the YAML is mended. */
function Broken(props: IEditorProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const problem = model.problems.find(({ severity }) => severity === 'error');
  return (
    <Notice
      severity="error"
      title={trans.__('The YAML cannot be shown as a form')}
      text={problem && trans.__('Line %1: %2', problem.line, problem.message)}
    >
      <p>
        {trans.__('The form can be used again once the YAML is corrected.')}
      </p>
    </Notice>
  );
}
