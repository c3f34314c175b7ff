/** The notices above the form: why something cannot be done, and what to do about it. */

import { Button } from '@jupyterlab/ui-components';
import React from 'react';
import { fullName } from '../../api/names';
import { CommandIDs } from '../../tokens';
import { useTrans } from '../../translation';
import { Notice } from '../notice';
import type { IEditorProps } from './props';

/** All that holds now. */
export function Notices(props: IEditorProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const { loadError, buildError, notes } = model;
  return (
    <div className="jp-CondaStore-editorNotices">
      {loadError && (
        <Notice severity="error" text={loadError.message}>
          <Button
            className="jp-mod-styled jp-mod-reject"
            disabled={model.loading}
            onClick={() => void model.load()}
          >
            {trans.__('Retry')}
          </Button>
        </Notice>
      )}
      {!loadError && model.mayBuild === false && <MayNot {...props} />}
      {model.isLockfile && <Lockfile {...props} />}
      {notes.length > 0 && (
        <Notice severity="warning" text={notes.join('\n')} />
      )}
      {model.conflict !== null && <Conflict {...props} id={model.conflict} />}
      {buildError && <Notice severity="error" text={buildError.message} />}
      {model.lastBuild && !model.dirty && <Built {...props} />}
    </div>
  );
}

function MayNot(props: IEditorProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const text = model.isExisting
    ? trans.__(
        'You may look at this specification, but not build it here; clone the environment into a namespace of yours.'
      )
    : trans.__(
        'There is no namespace in which you may create environments; ask who looks after this conda-store for one.'
      );
  return <Notice severity="warning" text={text} />;
}

function Lockfile(props: IEditorProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const text = model.isExisting
    ? trans.__(
        'This environment was made from a lockfile, which lists every package exactly and cannot be edited.'
      )
    : trans.__(
        'A lockfile lists every package exactly: it is built as it is, or not at all.'
      );
  return (
    <Notice severity="info" text={text}>
      {model.isExisting && (
        <Button
          className="jp-mod-styled"
          onClick={() => model.writeSpecification()}
        >
          {trans.__('Write a specification instead')}
        </Button>
      )}
    </Notice>
  );
}

interface IConflictProps extends IEditorProps {
  /** The build that nobody here knew of. */
  readonly id: number;
}

function Conflict(props: IConflictProps): JSX.Element {
  const { model, id } = props;
  const trans = useTrans();
  const name = fullName(model);
  const text = model.isExisting
    ? trans.__(
        'Meanwhile somebody has begun build %1 of %2, which this text does not know of.',
        id,
        name
      )
    : trans.__(
        '%1 exists already, with build %2: building this adds another build to it.',
        name,
        id
      );
  return (
    <Notice severity="warning" text={text}>
      {!model.isLockfile && (
        <Button
          className="jp-mod-styled"
          onClick={() => void model.runPreview(id)}
        >
          {trans.__('Compare with build %1', id)}
        </Button>
      )}
      <Button
        className="jp-mod-styled jp-mod-warn"
        onClick={() => void model.build(true)}
      >
        {trans.__('Build all the same')}
      </Button>
    </Notice>
  );
}

/** The progress of the build that was begun here, and the next step. */
function Built(props: IEditorProps): JSX.Element | null {
  const { model, commands } = props;
  const trans = useTrans();
  const { lastBuild: build, namespace, name } = model;
  if (!build) {
    return null;
  }
  const args = { namespace, environment: name, build_id: build.id };
  const show = (label: string, section?: string) => (
    <Button
      className="jp-mod-styled"
      onClick={() =>
        void commands.execute(
          CommandIDs.openEnvironment,
          section ? { ...args, section } : args
        )
      }
    >
      {label}
    </Button>
  );
  const full = fullName(model);
  switch (build.status) {
    case 'FAILED': {
      const failed = trans.__('Build %1 of %2 failed.', build.id, full);
      return (
        <Notice
          severity="error"
          role="alert"
          text={[failed, build.reason].filter(part => part).join(' ')}
        >
          {show(trans.__('Show log'), 'log')}
        </Notice>
      );
    }
    case 'CANCELED':
      return (
        <Notice
          severity="warning"
          text={trans.__('Build %1 of %2 was cancelled.', build.id, full)}
        >
          {show(trans.__('Show it'))}
        </Notice>
      );
    case 'COMPLETED':
      return (
        <Notice
          severity="info"
          text={trans.__('Build %1 of %2 is done.', build.id, full)}
        >
          {build.launchable && (
            <Button
              className="jp-mod-styled jp-mod-accept"
              onClick={() => void commands.execute(CommandIDs.launch, args)}
            >
              {trans.__('Launch')}
            </Button>
          )}
          {show(trans.__('Show it'))}
        </Notice>
      );
    default:
      return (
        <Notice
          severity="info"
          text={trans.__(
            'Build %1 of %2 is under way; you can keep working, or close this page.',
            build.id,
            full
          )}
        >
          {show(trans.__('Show it'))}
        </Notice>
      );
  }
}
