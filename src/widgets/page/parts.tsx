/** Small parts that several sections of a page share. */

import { HTMLSelect } from '@jupyterlab/ui-components';
import React from 'react';
import type { IErrorInfo, ArtifactKind } from '../../tokens';
import { useTrans } from '../../translation';
import { useLabels } from './labels';
import type { IPageProps } from './props';

interface IChooserProps extends IPageProps {
  readonly label: string;
  readonly value: number | null;
  readonly onChoose: (buildId: number) => void;
  /** True to offer only builds that were completed. */
  readonly completedOnly?: boolean;
}

/** A choice among the builds that were fetched, with older ones at a click. */
export function BuildChooser(props: IChooserProps): JSX.Element {
  const { model, label, value, onChoose, completedOnly } = props;
  const trans = useTrans();
  const labels = useLabels();
  const { builds, count, loading } = model.builds;
  const active = model.environment?.current_build_id ?? null;
  const offered = builds.filter(
    build => !completedOnly || build.status === 'COMPLETED'
  );
  const options = offered.map(build => ({
    value: String(build.id),
    label: labels.choice(build, active)
  }));
  if (value !== null && !offered.some(build => build.id === value)) {
    options.push({ value: String(value), label: trans.__('Build %1', value) });
  }
  return (
    <span className="jp-CondaStore-chooser">
      <label>
        <span>{label}</span>
        <HTMLSelect
          className="jp-CondaStore-select"
          value={value ?? ''}
          options={options}
          disabled={!options.length}
          onChange={event => onChoose(Number(event.target.value))}
        />
      </label>
      {builds.length < count && (
        <LinkButton disabled={loading} onClick={() => void model.more()}>
          {trans.__('Older builds (%1 of %2)', builds.length, count)}
        </LinkButton>
      )}
    </span>
  );
}

interface ILinkButtonProps {
  readonly onClick: () => void;
  readonly children: React.ReactNode;
  readonly disabled?: boolean;
  readonly title?: string;
  readonly label?: string;
}

/** A button that looks like a link. */
export function LinkButton(props: ILinkButtonProps): JSX.Element {
  return (
    <button
      type="button"
      className="jp-CondaStore-link"
      disabled={props.disabled}
      title={props.title}
      aria-label={props.label}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}

/** A link that makes the browser save a build's artifact. */
export function ArtifactLink(
  props: IPageProps & {
    buildId: number;
    kind: ArtifactKind;
    children?: React.ReactNode;
  }
): JSX.Element {
  const { model, buildId, kind, children } = props;
  const trans = useTrans();
  const labels = useLabels();
  const what = labels.artifact(kind);
  return (
    <a
      className="jp-CondaStore-artifact"
      href={model.artifactUrl(buildId, kind)}
      download=""
      title={trans.__('Save the %1 of build %2', what, buildId)}
      onClick={event => {
        event.preventDefault();
        void model.saveArtifact(buildId, kind);
      }}
    >
      {children ?? what}
    </a>
  );
}

/** The error, in a sentence. */
export function Failure(props: { error: IErrorInfo }): JSX.Element {
  return (
    <p className="jp-CondaStore-failure" role="alert" dir="auto">
      {props.error.message}
    </p>
  );
}

/** That something is on its way. */
export function Loading(props: { children: React.ReactNode }): JSX.Element {
  return (
    <p className="jp-CondaStore-muted" role="status" aria-busy="true">
      {props.children}
    </p>
  );
}
