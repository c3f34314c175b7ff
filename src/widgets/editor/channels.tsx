/** The channels, first choice first. */

import {
  caretDownIcon,
  caretUpIcon,
  closeIcon
} from '@jupyterlab/ui-components';
import React, { useRef } from 'react';
import { setChannels } from '../../specification';
import { useTrans } from '../../translation';
import { Addition } from './addition';
import { IconButton } from './icon-button';
import type { IFormProps } from './props';

/** A list that can be put in another order. */
export function Channels(props: IFormProps): JSX.Element {
  const { model, content } = props;
  const trans = useTrans();
  const input = useRef<HTMLInputElement>(null);
  const channels = content.channels.map(({ text }) => text);
  const set = (next: string[]) =>
    model.edit(text => setChannels(text, [...new Set(next)]));
  const move = (index: number, by: number) => {
    const next = channels.slice();
    const [channel] = next.splice(index, 1);
    next.splice(index + by, 0, channel);
    set(next);
  };
  return (
    <section aria-label={trans.__('Channels')}>
      <h3>{trans.__('Channels')}</h3>
      <p className="jp-CondaStore-muted">
        {channels.length > 1
          ? trans.__('A package comes from the first channel that has it.')
          : trans.__('Where packages come from.')}
      </p>
      <ol className="jp-CondaStore-entries">
        {channels.map((channel, index) => (
          <li key={channel}>
            <span className="jp-CondaStore-entry" dir="auto">
              {channel}
            </span>
            <IconButton
              icon={caretUpIcon}
              name={trans.__('Move %1 up', channel)}
              disabled={index === 0}
              onClick={() => move(index, -1)}
            />
            <IconButton
              icon={caretDownIcon}
              name={trans.__('Move %1 down', channel)}
              disabled={index === channels.length - 1}
              onClick={() => move(index, 1)}
            />
            <IconButton
              icon={closeIcon}
              name={trans.__('Remove the channel %1', channel)}
              onClick={() => {
                set(channels.filter(other => other !== channel));
                input.current?.focus();
              }}
            />
          </li>
        ))}
      </ol>
      <Addition
        input={input}
        label={trans.__('Add a channel')}
        button={trans.__('Add the channel')}
        onAdd={channel => set([...channels, channel])}
      />
    </section>
  );
}
