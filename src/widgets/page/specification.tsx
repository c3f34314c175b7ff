/** The specification of a build, to be read. */

import { Button, editIcon } from '@jupyterlab/ui-components';
import React from 'react';
import { CommandIDs } from '../../tokens';
import { useTrans } from '../../translation';
import { artifactsOf } from './labels';
import { ArtifactLink, BuildChooser, Failure, Loading } from './parts';
import type { IPageProps } from './props';

/** The choice of a build, its text, and a way to edit it. */
export function Specification(props: IPageProps): JSX.Element {
  const { model, commands } = props;
  const trans = useTrans();
  const { value, error, loading } = model.specification;
  const { buildId } = model;
  const kinds = buildId === null ? [] : artifactsOf(model.details.of(buildId));
  const editable =
    model.may('build') && commands.hasCommand(CommandIDs.editEnvironment);
  return (
    <>
      <div className="jp-CondaStore-controls">
        <BuildChooser
          {...props}
          label={trans.__('Specification of')}
          value={buildId}
          onChoose={id => model.choose(id)}
        />
        {editable && (
          <Button
            className="jp-CondaStore-rowButton"
            minimal
            small
            onClick={() =>
              void commands.execute(CommandIDs.editEnvironment, {
                namespace: model.namespace,
                environment: model.name
              })
            }
          >
            <editIcon.react tag="span" />
            {trans.__('Edit…')}
          </Button>
        )}
        {buildId !== null && kinds.includes('lockfile') && (
          <ArtifactLink {...props} buildId={buildId} kind="lockfile">
            {trans.__('Save the lockfile')}
          </ArtifactLink>
        )}
        {buildId !== null && kinds.includes('yaml') && (
          <ArtifactLink {...props} buildId={buildId} kind="yaml">
            {trans.__('Save as pinned YAML')}
          </ArtifactLink>
        )}
      </div>
      {error && <Failure error={error} />}
      {loading && !value && (
        <Loading>{trans.__('Loading the specification…')}</Loading>
      )}
      {value?.is_lockfile && (
        <p className="jp-CondaStore-muted">
          {trans.__('This build was made from a lockfile.')}
        </p>
      )}
      {value && (
        <pre
          className="jp-CondaStore-text"
          tabIndex={0}
          role="region"
          aria-label={trans.__('Specification')}
        >
          {value.text}
        </pre>
      )}
    </>
  );
}
