/** A page as a whole. */

import { UseSignal } from '@jupyterlab/ui-components';
import React from 'react';
import type { Section } from '../../model';
import { Builds } from './builds';
import { Changes } from './changes';
import { Header } from './header';
import { Log } from './log';
import { Notices } from './notices';
import { Packages } from './packages';
import type { IPageProps } from './props';
import { Specification } from './specification';
import { Tabs } from './tabs';

interface IViewProps extends IPageProps {
  /** Tells the elements of one page from those of another. */
  readonly id: string;
}

const VIEWS: Record<Section, (props: IPageProps) => JSX.Element> = {
  builds: Builds,
  packages: Packages,
  specification: Specification,
  log: Log,
  changes: Changes
};

/** Drawn anew after each change of the model. */
export function PageView(props: IViewProps): JSX.Element {
  return (
    <UseSignal signal={props.model.stateChanged}>
      {() => <Content {...props} />}
    </UseSignal>
  );
}

function Content(props: IViewProps): JSX.Element {
  const { model, id } = props;
  const Section = VIEWS[model.section];
  return (
    <>
      <Header {...props} />
      <Notices {...props} />
      {model.environment && (
        <>
          <Tabs {...props} />
          <div
            className="jp-CondaStore-section"
            data-section={model.section}
            role="tabpanel"
            id={`${id}-panel`}
            aria-labelledby={`${id}-tab-${model.section}`}
            aria-busy={model.actions.running}
          >
            <Section {...props} />
          </div>
        </>
      )}
    </>
  );
}
