/** The tabs of a page's sections. */

import React, { useRef } from 'react';
import type { Section } from '../../model';
import { SECTIONS } from '../../model';
import { useTrans } from '../../translation';
import { useLabels } from './labels';
import type { IPageProps } from './props';

interface ITabsProps extends IPageProps {
  /** Tells the tabs of one page from those of another. */
  readonly id: string;
}

/** Tabs with one tab stop: the arrow keys, Home and End go from one to the next. */
export function Tabs(props: ITabsProps): JSX.Element {
  const { model, id } = props;
  const trans = useTrans();
  const labels = useLabels();
  const tabs = useRef(new Map<Section, HTMLButtonElement>());
  const go = (index: number) => {
    const section = SECTIONS[(index + SECTIONS.length) % SECTIONS.length];
    model.show(section);
    tabs.current.get(section)?.focus();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const index = SECTIONS.indexOf(model.section);
    const targets: Record<string, number> = {
      ArrowRight: index + 1,
      ArrowLeft: index - 1,
      Home: 0,
      End: SECTIONS.length - 1
    };
    if (event.key in targets) {
      event.preventDefault();
      event.stopPropagation();
      go(targets[event.key]);
    }
  };
  return (
    <div
      role="tablist"
      className="jp-CondaStore-tabs"
      aria-label={trans.__('What to show of the environment')}
      onKeyDown={onKeyDown}
    >
      {SECTIONS.map(section => (
        <button
          key={section}
          ref={element => {
            if (element) {
              tabs.current.set(section, element);
            }
          }}
          type="button"
          role="tab"
          id={`${id}-tab-${section}`}
          aria-selected={section === model.section}
          aria-controls={`${id}-panel`}
          tabIndex={section === model.section ? 0 : -1}
          onClick={() => model.show(section)}
        >
          {labels.section(section)}
        </button>
      ))}
    </div>
  );
}
