/** What pip installs after conda. */

import { Button, closeIcon } from '@jupyterlab/ui-components';
import React, { useRef, useState } from 'react';
import { addPip, removePip, updatePip } from '../../specification';
import { IconButton } from './icon-button';
import type { IFormProps } from './props';

/** A line for each, folded away while there is none. */
export function Pip(props: IFormProps): JSX.Element {
  const { model, trans, content } = props;
  const [added, setAdded] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const add = () => {
    if (added.trim()) {
      model.edit(text => addPip(text, added));
      setAdded('');
    }
  };
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
      <div className="jp-CondaStore-add">
        <input
          ref={input}
          className="jp-mod-styled"
          type="text"
          aria-label={trans.__('Add a requirement')}
          placeholder={trans.__('Add a requirement, such as rich>=13')}
          spellCheck={false}
          value={added}
          onChange={event => setAdded(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Enter') {
              event.preventDefault();
              add();
            }
          }}
        />
        <Button
          className="jp-mod-styled"
          type="button"
          disabled={!added.trim()}
          aria-label={trans.__('Add the requirement')}
          onClick={add}
        >
          {trans.__('Add')}
        </Button>
      </div>
    </section>
  );
}
