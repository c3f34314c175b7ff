/** A text field with a list of what could be meant. */

import React, { useId, useState } from 'react';

interface IComboboxProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  /** The options offered; nothing is forced. */
  readonly options: ReadonlyArray<string>;
  readonly invalid?: boolean;
  readonly inputRef?: React.Ref<HTMLInputElement>;
  /** Called with every keystroke, and with an option when one is chosen. */
  readonly onChange: (value: string) => void;
  /** Called when an option is chosen; it is in the field already. */
  readonly onChoose?: (value: string) => void;
  /** Called when Enter is pressed on what was written. */
  readonly onEnter?: () => void;
  readonly onFocus?: () => void;
  readonly onBlur?: () => void;
}

/** Options drawn at once. */
const SHOWN = 50;

/** Arrows walk the list, Enter or a click takes one, Escape closes it. */
export function Combobox(props: IComboboxProps): JSX.Element {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [marked, setMarked] = useState(-1);
  const options = props.options.slice(0, SHOWN);
  const shown = open && options.length > 0;
  const active = shown && marked < options.length ? marked : -1;

  const close = () => {
    setOpen(false);
    setMarked(-1);
  };
  const choose = (value: string) => {
    props.onChange(value);
    close();
    props.onChoose?.(value);
  };
  const mark = (index: number) => {
    setOpen(true);
    setMarked(index);
    const option = document.getElementById(`${id}-${index}`);
    option?.scrollIntoView?.({ block: 'nearest' });
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    const last = options.length - 1;
    if (event.key === 'ArrowDown' && options.length) {
      mark(active < last ? active + 1 : 0);
    } else if (event.key === 'ArrowUp' && options.length) {
      mark(active > 0 ? active - 1 : last);
    } else if (event.key === 'Escape' && shown) {
      close();
      event.stopPropagation();
    } else if (event.key === 'Enter' && active >= 0) {
      choose(options[active]);
    } else if (event.key === 'Enter' && props.onEnter) {
      close();
      props.onEnter();
    } else {
      return;
    }
    event.preventDefault();
  };

  return (
    <div className="jp-CondaStore-combobox">
      <input
        ref={props.inputRef}
        className="jp-mod-styled"
        type="text"
        role="combobox"
        aria-label={props.label}
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={shown ? id : undefined}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        aria-invalid={props.invalid || undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={props.placeholder}
        value={props.value}
        onChange={event => {
          setOpen(true);
          setMarked(-1);
          props.onChange(event.target.value);
        }}
        onKeyDown={onKeyDown}
        onFocus={props.onFocus}
        onClick={() => setOpen(true)}
        onBlur={() => {
          close();
          props.onBlur?.();
        }}
      />
      {shown && (
        <ul
          id={id}
          className="jp-CondaStore-options"
          role="listbox"
          aria-label={props.label}
        >
          {options.map((option, index) => (
            <li
              key={option}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              onMouseDown={event => {
                event.preventDefault();
                choose(option);
              }}
            >
              {option}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
