/** The packages that would be built, and the changes, before anything is built. */

import { Button, closeIcon } from '@jupyterlab/ui-components';
import React from 'react';
import type { IPackage } from '../../tokens';
import { useTrans } from '../../translation';
import { Changes } from '../changes';
import { bytes, useLabels } from '../labels';
import { Notice } from '../notice';
import { IconButton } from './icon-button';
import type { IEditorProps } from './props';

/** The last preview; nothing before the first. */
export function PreviewPane(props: IEditorProps): JSX.Element | null {
  const { model } = props;
  const trans = useTrans();
  const { preview } = model;
  const { request, result, error, running } = preview;
  if (!request) {
    return null;
  }
  const old = model.previewIsOld && !running;
  return (
    <section
      className="jp-CondaStore-preview"
      aria-label={trans.__('Preview')}
      aria-busy={running}
    >
      <header>
        <h3>{trans.__('Preview')}</h3>
        <span className="jp-CondaStore-summary" role="status">
          <Summary {...props} />
        </span>
        {old && (
          <Button
            className="jp-mod-styled"
            type="button"
            disabled={!model.canPreview}
            onClick={() => void model.runPreview()}
          >
            {trans.__('Preview again')}
          </Button>
        )}
        <IconButton
          icon={closeIcon}
          name={trans.__('Close the preview')}
          onClick={() => preview.clear()}
        />
      </header>
      <div
        className="jp-CondaStore-previewBody"
        data-old={old || undefined}
        role="group"
        aria-label={trans.__('Result of the preview')}
        tabIndex={0}
      >
        {running && (
          <div className="jp-CondaStore-skeleton" aria-hidden="true">
            {[60, 40, 50].map(width => (
              <div key={width} style={{ width: `${width}%` }} />
            ))}
          </div>
        )}
        {!running && error && (
          <Notice
            severity="error"
            title={
              error.code === 'invalid_request'
                ? trans.__('It cannot be built like this')
                : trans.__('There is no preview')
            }
            text={error.message}
          />
        )}
        {!running && result?.changes && <Changes changes={result.changes} />}
        {!running && result && (
          <details open={!result.changes}>
            <summary>
              {trans._n(
                'The %1 package it would hold',
                'All %1 packages it would hold',
                result.packages.length
              )}
            </summary>
            <Packages {...props} packages={result.packages} />
          </details>
        )}
      </div>
    </section>
  );
}

/** The result in a line. */
function Summary(props: IEditorProps): JSX.Element | null {
  const { model } = props;
  const trans = useTrans();
  const labels = useLabels();
  const { request, result, error, running } = model.preview;
  if (running) {
    return <>{trans.__('Finding out which packages it would hold…')}</>;
  }
  if (error || !result) {
    return null;
  }
  const { changes, packages, size } = result;
  const since = changes?.since ?? request?.since;
  const parts = [
    changes
      ? trans.__('%1 against build %2', labels.changes(changes), since ?? '')
      : '',
    trans._n('%1 package', '%1 packages', packages.length),
    size ? trans.__('%1 to download', bytes(size)) : '',
    model.previewIsOld ? trans.__('before the last edits') : ''
  ];
  return <>{parts.filter(part => part).join(' · ')}</>;
}

interface IPackagesProps extends IEditorProps {
  readonly packages: ReadonlyArray<IPackage>;
}

function Packages(props: IPackagesProps): JSX.Element {
  const { packages } = props;
  const trans = useTrans();
  return (
    <table className="jp-CondaStore-table">
      <thead>
        <tr>
          <th scope="col">{trans.__('Package')}</th>
          <th scope="col">{trans.__('Version')}</th>
          <th scope="col">{trans.__('Channel')}</th>
        </tr>
      </thead>
      <tbody>
        {packages.map(({ name, version, channel, manager }) => (
          <tr key={`${manager} ${name}`}>
            <th scope="row">{name}</th>
            <td>{version}</td>
            <td>{manager === 'conda' ? channel : manager}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
