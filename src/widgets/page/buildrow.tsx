/** One build of the list: how it went, what there is of it, and what can be done with it. */

import { Button, runIcon, stopIcon } from '@jupyterlab/ui-components';
import React from 'react';
import { isActive, isInProgress } from '../../model';
import type { IBuild } from '../../tokens';
import { CommandIDs } from '../../tokens';
import { useTrans } from '../../translation';
import { ago, buildDate, bytes } from '../labels';
import { Progress } from '../progress';
import { artifactsOf, useLabels } from './labels';
import { ArtifactLink, LinkButton } from './parts';
import type { IPageProps } from './props';
import { reference } from './props';

interface IRowProps extends IPageProps {
  readonly build: IBuild;
}

/** A build's row. */
export function BuildRow(props: IRowProps): JSX.Element {
  const { model, build } = props;
  const trans = useTrans();
  const labels = useLabels();
  const whereabouts = useWhereabouts(props);
  const state = model.stateOf(build);
  const date = buildDate(build);
  const detail = model.details.of(build.id);
  const reason = build.status === 'FAILED' ? detail?.reason : state.reason;
  const active = build.id === model.environment?.current_build_id;
  const name = trans.__('Build %1', build.id);
  const stage =
    build.status === 'BUILDING' && model.log.buildId === build.id
      ? model.log.log?.stage
      : null;
  const facts = [
    stage ? trans.__('stage: %1', stage) : '',
    labels.buildTime(build, Date.now()),
    build.size > 0 ? bytes(build.size) : '',
    build.status === 'COMPLETED' ? whereabouts : ''
  ].filter(fact => fact);
  const progress = ['waiting', 'downloading', 'removing'].includes(state.kind);
  return (
    <li
      className="jp-CondaStore-build"
      aria-label={[
        name,
        active ? trans.__('active') : '',
        labels.status(build.status)
      ]
        .filter(part => part)
        .join(', ')}
      data-status={build.status}
      data-state={model.details.isDeleted(build) ? 'deleted' : state.kind}
    >
      <div className="jp-CondaStore-buildLine">
        <span className="jp-CondaStore-dot" />
        <span className="jp-CondaStore-buildName">
          {name}
          {active && (
            <span className="jp-CondaStore-badge">{trans.__('active')}</span>
          )}
        </span>
        <span className="jp-CondaStore-status">
          {labels.status(build.status)}
        </span>
        {date && (
          <time dateTime={date.toISOString()} title={date.toLocaleString()}>
            {ago(date)}
          </time>
        )}
        {facts.map(fact => (
          <span key={fact}>{fact}</span>
        ))}
        <LaunchButton {...props} />
      </div>
      {progress && (
        <Progress
          label={trans.__('Progress of build %1', build.id)}
          fraction={state.fraction}
        />
      )}
      {reason && (
        <p className="jp-CondaStore-failure" dir="auto">
          {reason}
        </p>
      )}
      <div className="jp-CondaStore-buildLine jp-CondaStore-buildActions">
        <RowActions {...props} active={active} />
        <Artifacts {...props} />
      </div>
    </li>
  );
}

/** Return in words whether the build can be run from here, and how soon. */
function useWhereabouts(props: IRowProps): string {
  const { model, build } = props;
  const trans = useTrans();
  const labels = useLabels();
  const state = model.stateOf(build);
  if (model.details.isBeingDeleted(build)) {
    return trans.__('being deleted…');
  }
  if (model.details.isDeleted(build)) {
    return state.kind === 'ready'
      ? trans.__('deleted on the server; on this machine')
      : trans.__('deleted');
  }
  if (state.kind !== 'absent') {
    return labels.copy(state);
  }
  if (model.details.isPacking(build)) {
    return trans.__('its archive is being packed…');
  }
  const detail = model.details.of(build.id);
  return !detail || detail.launchable
    ? labels.copy(state)
    : trans.__('it has no archive to download');
}

function LaunchButton(props: IRowProps): JSX.Element | null {
  const { model, commands, build } = props;
  const trans = useTrans();
  const state = model.stateOf(build);
  const args = reference(model, build.id);
  if (state.copy && isActive(state.copy)) {
    return (
      <Button
        className="jp-CondaStore-rowButton"
        minimal
        small
        aria-label={trans.__('Cancel the download of build %1', build.id)}
        onClick={() => void commands.execute(CommandIDs.cancel, args)}
      >
        <stopIcon.react tag="span" />
        {trans.__('Cancel')}
      </Button>
    );
  }
  const launchable =
    build.status === 'COMPLETED' &&
    state.launchable &&
    (state.kind === 'ready' || !!model.details.of(build.id)?.launchable);
  return launchable ? (
    <Button
      className="jp-CondaStore-rowButton"
      minimal
      small
      aria-label={trans.__('Launch build %1', build.id)}
      title={trans.__('Open a new notebook on this build')}
      onClick={() => void commands.execute(CommandIDs.launch, args)}
    >
      <runIcon.react tag="span" />
      {trans.__('Launch')}
    </Button>
  ) : null;
}

/** The actions on the build; those that the user may not take are left out. */
function RowActions(props: IRowProps & { active: boolean }): JSX.Element {
  const { model, commands, build, active } = props;
  const trans = useTrans();
  const run = (id: string) => () =>
    void commands.execute(id, reference(model, build.id));
  const running = isInProgress(build);
  const completed = build.status === 'COMPLETED';
  const gone =
    model.details.isBeingDeleted(build) || model.details.isDeleted(build);
  const others = model.builds.builds.some(
    other => other.id !== build.id && other.status === 'COMPLETED'
  );
  const button = (label: string, name: string, onClick: () => void) => (
    <LinkButton label={name} disabled={model.actions.running} onClick={onClick}>
      {label}
    </LinkButton>
  );
  const { id } = build;
  return (
    <>
      {button(trans.__('Show log'), trans.__('Show log of build %1', id), () =>
        model.show('log', id)
      )}
      {completed &&
        button(
          trans.__('Packages'),
          trans.__('Show packages of build %1', id),
          () => model.show('packages', id)
        )}
      {completed &&
        others &&
        button(trans.__('Compare'), trans.__('Compare build %1', id), () =>
          model.compareWithActive(id)
        )}
      {completed &&
        !active &&
        !gone &&
        model.may('edit') &&
        button(
          trans.__('Set active…'),
          trans.__('Make build %1 the active one', id),
          run(CommandIDs.setActiveBuild)
        )}
      {!running &&
        model.may('build') &&
        button(
          trans.__('Rebuild'),
          trans.__('Rebuild build %1', id),
          run(CommandIDs.rebuild)
        )}
      {running &&
        model.may('cancel') &&
        button(
          trans.__('Cancel…'),
          trans.__('Cancel build %1', id),
          run(CommandIDs.cancelBuild)
        )}
      {!running &&
        !gone &&
        build.status !== 'CANCELED' &&
        model.may('delete_build') &&
        button(
          trans.__('Delete…'),
          trans.__('Delete build %1', id),
          run(CommandIDs.deleteBuild)
        )}
    </>
  );
}

function Artifacts(props: IRowProps): JSX.Element | null {
  const { model, build } = props;
  const trans = useTrans();
  const kinds = artifactsOf(model.details.of(build.id));
  return kinds.length ? (
    <span className="jp-CondaStore-artifacts">
      {trans.__('Save:')}{' '}
      {kinds.map(kind => (
        <ArtifactLink key={kind} {...props} buildId={build.id} kind={kind} />
      ))}
    </span>
  ) : null;
}
