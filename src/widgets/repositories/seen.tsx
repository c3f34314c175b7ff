/** The facts about a repository, before anything of it is used, and the button that opens it. */

import { Button } from '@jupyterlab/ui-components';
import React from 'react';
import type { IRepositoryLook } from '../../api/repositories';
import { useTrans } from '../../translation';
import { bytes } from '../labels';
import { Notice } from '../notice';
import { Fact } from './fact';
import { ManifestPart } from './manifest';
import type { IRepositoryProps } from './props';

interface ISeenProps extends IRepositoryProps {
  readonly look: IRepositoryLook;
}

/** Everything that is worth knowing before a yes. */
export function Seen(props: ISeenProps): JSX.Element {
  const { model, look, onOpen } = props;
  const trans = useTrans();
  const busy = model.running;
  const usable = look.state !== 'none';
  const opens = useOpens(look);
  const availability = useAvailability(look);
  const action = useAction(look);
  return (
    <section className="jp-CondaStore-seen" aria-label={trans.__('What it is')}>
      <dl>
        <Fact name={trans.__('Repository')}>{look.repository}</Fact>
        {look.revision && (
          <Fact name={trans.__('Commit')}>
            {look.author
              ? trans.__('%1, by %2', look.revision, look.author)
              : look.revision}
          </Fact>
        )}
        <Fact name={trans.__('Opens')}>{opens}</Fact>
        <Fact name={trans.__('Environment')}>
          {[look.message, availability].filter(part => part).join(' ')}
        </Fact>
        {look.manifest && (
          <ManifestPart {...props} look={look} manifest={look.manifest} />
        )}
      </dl>
      {look.warnings.map(text => (
        <Notice key={text} severity="warning" role="status" text={text} />
      ))}
      {!look.trusted && usable && (
        <Notice
          severity="warning"
          role="status"
          text={trans.__(
            'Opening it runs code of %1 as you. Go on only if you trust whoever wrote it.',
            look.repository
          )}
        />
      )}
      {usable && (
        <div className="jp-CondaStore-controls">
          <Button
            className="jp-mod-styled jp-mod-accept"
            disabled={busy}
            onClick={onOpen}
          >
            {action}
          </Button>
          {look.exists && look.commit && (
            <label>
              <input
                type="checkbox"
                checked={model.request.beside}
                disabled={busy}
                onChange={event => {
                  model.change({ beside: event.target.checked });
                  void model.look();
                }}
              />
              {trans.__('In a new folder beside it')}
            </label>
          )}
        </div>
      )}
    </section>
  );
}

/** Return in words what is opened, and where its files will be. */
function useOpens(look: IRepositoryLook): string {
  const trans = useTrans();
  const what = look.path || trans.__('the folder');
  if (!look.commit) {
    return trans.__('%1, where it is', what);
  }
  return look.exists
    ? trans.__(
        '%1, in the folder %2, which is brought up to date',
        what,
        look.folder
      )
    : trans.__('%1, in a new folder %2', what, look.folder);
}

/** Return in words whether the environment is on this machine or built; empty for neither. */
function useAvailability(look: IRepositoryLook): string {
  const trans = useTrans();
  const size = look.size ? bytes(look.size) : '';
  switch (look.state) {
    case 'here':
      return size
        ? trans.__('It is on this machine (%1).', size)
        : trans.__('It is on this machine.');
    case 'built':
      return size
        ? trans.__('It is built, and %1 large.', size)
        : trans.__('It is built.');
    case 'locked':
      return size
        ? trans.__('They are downloaded, %1 at most.', size)
        : trans.__('They are downloaded.');
    default:
      return '';
  }
}

/** Return the label of the button. */
function useAction(look: IRepositoryLook): string {
  const trans = useTrans();
  const verb = {
    here: trans.__('Open'),
    built: trans.__('Download and Open'),
    locked: trans.__('Download and Open'),
    building: trans.__('Wait for It and Open'),
    machine: trans.__('Make It and Open'),
    missing: trans.__('Build and Open')
  }[look.state];
  return look.trusted ? (verb ?? '') : trans.__('Trust It: %1', verb ?? '');
}
