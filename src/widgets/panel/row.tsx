/** The content of each kind of row. */

import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import React, { useEffect } from 'react';
import { fullName } from '../../api/names';
import type { IRowState } from '../../model';
import { useTrans } from '../../translation';
import { Actions } from './actions';
import { ago, buildDate, bytes } from '../labels';
import { Progress } from '../progress';
import type { IPanelProps } from './props';
import type {
  IBuildRow,
  IEnvironmentRow,
  INamespaceRow,
  INoteRow,
  IPlaceholderRow,
  ISectionRow,
  Row
} from './rowkinds';
import { referenceOf } from './rowkinds';
import { useLabels } from './rowlabels';

interface IContentProps<R extends Row> extends IPanelProps {
  readonly row: R;
  /** True if the row is the one that the Tab key reaches. */
  readonly active: boolean;
}

/** The inside of a row. */
export function RowContent(props: IContentProps<Row>): JSX.Element {
  const { row } = props;
  switch (row.kind) {
    case 'section':
      return <SectionHead {...props} row={row} />;
    case 'namespace':
      return <Namespace {...props} row={row} />;
    case 'placeholder':
      return <Placeholder {...props} row={row} />;
    case 'environment':
      return <Environment {...props} row={row} />;
    case 'build':
      return <Build {...props} row={row} />;
    case 'note':
      return <Note {...props} row={row} />;
  }
}

function Namespace(props: IContentProps<INamespaceRow>): JSX.Element {
  const { row } = props;
  return (
    <>
      <Caret expanded={row.expanded} />
      <span
        className="jp-CondaStore-name jp-CondaStore-namespace"
        dir="auto"
        title={row.namespace}
      >
        {row.namespace}
      </span>
      <span className="jp-CondaStore-members" aria-hidden="true">
        {row.count}
      </span>
    </>
  );
}

function SectionHead(props: IContentProps<ISectionRow>): JSX.Element {
  const { row } = props;
  const labels = useLabels();
  return (
    <>
      <Caret expanded={row.expanded} />
      <span className="jp-CondaStore-name jp-CondaStore-namespace">
        {labels.section(row.section)}
      </span>
    </>
  );
}

function Placeholder(props: IContentProps<IPlaceholderRow>): JSX.Element {
  const { name } = props.row;
  return name === null ? (
    <span className="jp-CondaStore-place" />
  ) : (
    <span className="jp-CondaStore-name" dir="auto">
      {name}
    </span>
  );
}

function Environment(props: IContentProps<IEnvironmentRow>): JSX.Element {
  const { row, model } = props;
  const labels = useLabels();
  const { environment, state } = row;
  const label = fullName(environment);
  const running = labels.running(environment, state);
  useReason(model, state, environment.current_build_id);
  const waiting = labels.waiting(
    model.running.detail(environment.running_build_id ?? -1)
  );
  return (
    <>
      <Caret expanded={row.expanded} />
      <span className="jp-CondaStore-dot" />
      <span
        className="jp-CondaStore-name"
        dir="auto"
        title={[label, environment.description, labels.hint(state)]
          .filter(part => part)
          .join('\n')}
      >
        {row.section && (
          <>
            <bdi className="jp-CondaStore-muted">{environment.namespace}</bdi>/
          </>
        )}
        <bdi>{environment.name}</bdi>
      </span>
      <span className="jp-CondaStore-state">{labels.state(state)}</span>
      <Actions
        {...props}
        reference={referenceOf(row)!}
        label={label}
        state={state}
        favourite={model.pins.isFavourite(environment)}
      />
      {(running || waiting) && (
        <span className="jp-CondaStore-detail">
          {[running, waiting].filter(part => part).join(' · ')}
        </span>
      )}
      <Detail label={label} state={state} />
    </>
  );
}

function Build(props: IContentProps<IBuildRow>): JSX.Element {
  const { row, model } = props;
  const trans = useTrans();
  const labels = useLabels();
  const { build, state } = row;
  const date = buildDate(build);
  const label = trans.__('build %1 of %2', build.id, fullName(build));
  useReason(model, state, build.id);
  const facts = [
    labels.status(build.status),
    date ? ago(date) : '',
    build.size > 0 ? bytes(build.size) : ''
  ];
  return (
    <>
      <span className="jp-CondaStore-dot" />
      <span className="jp-CondaStore-name">
        {trans.__('Build %1', build.id)}
        {row.current && (
          <span className="jp-CondaStore-badge">{trans.__('active')}</span>
        )}
      </span>
      <span className="jp-CondaStore-state">
        {build.status === 'COMPLETED' &&
          state.kind !== 'absent' &&
          labels.state(state)}
      </span>
      <Actions
        {...props}
        reference={referenceOf(row)!}
        label={label}
        state={state}
      />
      <span
        className="jp-CondaStore-detail"
        title={date?.toLocaleString() ?? ''}
      >
        {facts.filter(fact => fact).join(' · ')}
      </span>
      <Detail label={label} state={state} />
    </>
  );
}

function Note(props: IContentProps<INoteRow>): JSX.Element {
  const { row } = props;
  const labels = useLabels();
  return <span className="jp-CondaStore-note">{labels.note(row)}</span>;
}

/** The line below a row: how far its download is, or why something failed. */
function Detail(props: {
  label: string;
  state: IRowState;
}): JSX.Element | null {
  const { label, state } = props;
  const trans = useTrans();
  if (['waiting', 'downloading', 'removing'].includes(state.kind)) {
    return (
      <Progress
        label={trans.__('Progress of %1', label)}
        fraction={state.fraction}
      />
    );
  }
  // A build's reason comes later than its state; its line is there before it, so that nothing moves.
  return state.reason || state.kind === 'failed' ? (
    <span
      className="jp-CondaStore-reason"
      dir="auto"
      title={state.reason ?? ''}
    >
      {state.reason || '\u00a0'}
    </span>
  ) : null;
}

/** The sign that a row can be unfolded. */
function Caret(props: { expanded: boolean | null }): JSX.Element {
  if (props.expanded === null) {
    return <span className="jp-CondaStore-caret" />;
  }
  const icon = props.expanded ? caretDownIcon : caretRightIcon;
  return <icon.react tag="span" className="jp-CondaStore-caret" />;
}

/** Ask why a build failed as soon as someone sees that it did. */
function useReason(
  model: IPanelProps['model'],
  state: IRowState,
  buildId: number | null
): void {
  const unknown = state.kind === 'failed' && state.reason === null;
  useEffect(() => {
    if (unknown && buildId !== null) {
      void model.builds.loadDetail(buildId);
    }
  }, [model, unknown, buildId]);
}
