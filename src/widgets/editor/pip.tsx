/** The packages that pip installs after conda. */

import { closeIcon } from '@jupyterlab/ui-components';
import React, { useRef } from 'react';
import { addPip, removePip, updatePip } from '../../specification';
import { useTrans } from '../../translation';
import { Addition } from './addition';
import { IconButton } from './icon-button';
import type { IFormProps } from './props';

/** A line for each, folded away while there is none. */
export function Pip(props: IFormProps): JSX.Element {
  const { model, content } = props;
  const trans = useTrans();
  const input = useRef<HTMLInputElement>(null);
  return (
    <section aria-label={trans.__('Packages from pip')}>
      <h3>{trans.__('Packages from pip')}</h3>
      <p className="jp-CondaStore-muted">
        {trans.__('For what no channel has; installed last.')}
      </p>
      {content.pip.length > 0 && (
        <ul className="jp-CondaStore-entries">
          {content.pip.map(({ index, text }) => (
            <li key={index}>
              <input
                className="jp-mod-styled jp-CondaStore-entry"
                type="text"
                aria-label={trans.__('Requirement %1', index + 1)}
                spellCheck={false}
                value={text}
                onChange={event => {
                  const { value } = event.target;
                  model.edit(old => updatePip(old, index, value));
                }}
              />
              <IconButton
                icon={closeIcon}
                name={trans.__('Remove the requirement %1', text)}
                onClick={() => {
                  model.edit(old => removePip(old, index));
                  input.current?.focus();
                }}
              />
            </li>
          ))}
        </ul>
      )}
      <Addition
        input={input}
        label={trans.__('Add a requirement')}
        placeholder={trans.__('Add a requirement, such as rich>=13')}
        button={trans.__('Add the requirement')}
        onAdd={requirement => model.edit(text => addPip(text, requirement))}
      />
    </section>
  );
}
