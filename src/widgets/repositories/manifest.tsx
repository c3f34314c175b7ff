/** The file that says what a repository needs: its packages and channels, what was not carried over. */

import { Button } from '@jupyterlab/ui-components';
import React from 'react';
import type { IRepositoryLook } from '../../api/repositories';
import { useTrans } from '../../translation';
import { bytes } from '../labels';
import { Fact } from './fact';
import type { IRepositoryProps } from './props';

type Manifest = NonNullable<IRepositoryLook['manifest']>;

interface IManifestProps extends IRepositoryProps {
  readonly look: IRepositoryLook;
  readonly manifest: Manifest;
}

/** Packages that are named at once. */
const MOST = 12;

/** Lines of the list of what was seen. */
export function ManifestPart(props: IManifestProps): JSX.Element {
  const { look, manifest } = props;
  const trans = useTrans();
  const fresh = manifest.packages.filter(({ is_new }) => is_new);
  return (
    <>
      <Fact name={trans.__('Manifest')}>
        <ManifestChoice {...props} />
      </Fact>
      <Fact name={trans.__('Packages')}>
        {few(manifest.packages.map(({ name }) => name))}
      </Fact>
      <Fact name={trans.__('Channels')}>
        {manifest.channels.join(', ') ||
          trans.__('those that conda-store uses by default')}
      </Fact>
      {['missing', 'locked', 'machine'].includes(look.state) && (
        <>
          <Fact name={trans.__('New to you')}>
            {fresh.length
              ? few(
                  fresh.map(({ name, channel }) =>
                    channel ? `${channel}::${name}` : name
                  )
                )
              : trans.__('None: you agreed to all of them before.')}
          </Fact>
          {look.state === 'missing' && !manifest.is_lockfile && (
            <Fact name={trans.__('Solved')}>
              <Solved {...props} />
            </Fact>
          )}
        </>
      )}
      {manifest.moved.length > 0 && (
        <Fact name={trans.__('From conda, not by pip')}>
          {manifest.moved.join(', ')}
        </Fact>
      )}
      {manifest.notes.length > 0 && (
        <Fact name={trans.__('Notes')}>
          <ul>
            {manifest.notes.map(note => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Fact>
      )}
    </>
  );
}

/** The choice of the file, among those that could be it. */
function ManifestChoice(props: IManifestProps): JSX.Element {
  const { model, manifest } = props;
  const trans = useTrans();
  if (!manifest.passed_over.length) {
    return <>{manifest.path}</>;
  }
  return (
    <>
      <select
        className="jp-mod-styled"
        aria-label={trans.__('Manifest')}
        value={manifest.path}
        disabled={model.running}
        onChange={event => {
          model.change({ manifest: event.target.value });
          void model.look();
        }}
      >
        <option>{manifest.path}</option>
        {manifest.passed_over.map(({ path }) => (
          <option key={path}>{path}</option>
        ))}
      </select>
      <small>
        {manifest.passed_over
          .map(({ path, why }) => trans.__('%1 is passed over: %2', path, why))
          .join(' ')}
      </small>
    </>
  );
}

/** The answer of the solver, once somebody asks. */
function Solved(props: IManifestProps): JSX.Element {
  const { model } = props;
  const { result, error, running } = model.preview;
  const trans = useTrans();
  if (result) {
    const { packages, size } = result;
    const count = trans._n('%1 package', '%1 packages', packages.length);
    return (
      <details>
        <summary>
          {size ? trans.__('%1, %2 to download', count, bytes(size)) : count}
        </summary>
        {packages
          .map(({ name, version, channel }) =>
            [channel && `${channel}::`, name, version && ` ${version}`].join('')
          )
          .join(', ')}
      </details>
    );
  }
  return (
    <>
      <Button
        className="jp-mod-styled"
        disabled={running || model.running}
        onClick={() => void model.runPreview()}
      >
        {running ? trans.__('Solving…') : trans.__('Preview')}
      </Button>
      {error && <small role="alert">{error.message}</small>}
    </>
  );
}

/** The first of them, and how many more there are. */
function few(names: string[]): string {
  const different = [...new Set(names)];
  const more = different.length - MOST;
  return different.slice(0, MOST).join(', ') + (more > 0 ? ` … +${more}` : '');
}
