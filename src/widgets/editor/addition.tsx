/** The line below a list that adds to it. */

import { Button } from '@jupyterlab/ui-components';
import React, { useState } from 'react';
import { useTrans } from '../../translation';

/** A field and a button; Enter adds as well. What is added is trimmed and not empty. */
export function Addition(props: Addition.IProps): JSX.Element {
  const { input, label, button } = props;
  const trans = useTrans();
  const [added, setAdded] = useState('');
  const add = () => {
    if (added.trim()) {
      props.onAdd(added.trim());
      setAdded('');
    }
  };
  return (
    <div className="jp-CondaStore-add">
      <input
        ref={input}
        className="jp-mod-styled"
        type="text"
        aria-label={label}
        placeholder={props.placeholder ?? label}
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
        aria-label={button}
        onClick={add}
      >
        {trans.__('Add')}
      </Button>
    </div>
  );
}

export namespace Addition {
  /** The texts and actions of the line. */
  export interface IProps {
    /** Given the field, which takes the focus when something is removed. */
    input: React.RefObject<HTMLInputElement>;
    /** The field's name. */
    label: string;
    /** The text in the empty field; by default its name. */
    placeholder?: string;
    /** The button's name. */
    button: string;
    onAdd: (text: string) => void;
  }
}
