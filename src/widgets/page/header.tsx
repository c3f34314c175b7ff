/** The top of a page: which environment it is, what it is for, and its active build. */

import { Button, editIcon } from '@jupyterlab/ui-components';
import React, { useEffect, useRef } from 'react';
import { useTrans } from '../../translation';
import { ago, buildDate, bytes } from '../labels';
import { useLabels } from './labels';
import { LinkButton } from './parts';
import type { IPageProps } from './props';

/** Name, description and active build. */
export function Header(props: IPageProps): JSX.Element {
  const { model } = props;
  return (
    <header className="jp-CondaStore-pageHeader">
      <h1 dir="auto">
        <span className="jp-CondaStore-muted">{model.namespace}/</span>
        {model.name}
      </h1>
      {model.description.draft === null ? (
        <Description {...props} />
      ) : (
        <DescriptionEditor {...props} draft={model.description.draft} />
      )}
      <ActiveBuild {...props} />
    </header>
  );
}

function Description(props: IPageProps): JSX.Element | null {
  const { model } = props;
  const trans = useTrans();
  const { environment } = model;
  if (!environment) {
    return null;
  }
  const edit = trans.__('Edit the description');
  return (
    <p className="jp-CondaStore-description">
      {environment.description ? (
        <span dir="auto">{environment.description}</span>
      ) : (
        <span className="jp-CondaStore-muted">
          {trans.__('No description')}
        </span>
      )}
      {model.may('edit') && (
        <Button
          className="jp-CondaStore-button"
          minimal
          small
          title={edit}
          aria-label={edit}
          onClick={() => model.description.edit(environment.description)}
        >
          <editIcon.react tag="span" />
        </Button>
      )}
    </p>
  );
}

/** A box for the description: Control and Enter saves, Escape leaves it as it was. */
function DescriptionEditor(props: IPageProps & { draft: string }): JSX.Element {
  const { model, draft } = props;
  const trans = useTrans();
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <form
      className="jp-CondaStore-descriptionEditor"
      onSubmit={event => {
        event.preventDefault();
        void model.description.save();
      }}
    >
      <textarea
        ref={input}
        className="jp-mod-styled"
        aria-label={trans.__('Description')}
        dir="auto"
        rows={3}
        value={draft}
        disabled={model.actions.running}
        onChange={event => model.description.edit(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            model.description.edit(null);
          } else if (
            event.key === 'Enter' &&
            (event.ctrlKey || event.metaKey)
          ) {
            event.preventDefault();
            event.stopPropagation();
            void model.description.save();
          }
        }}
      />
      <div>
        <Button
          className="jp-mod-styled jp-mod-accept"
          type="submit"
          disabled={model.actions.running}
        >
          {trans.__('Save')}
        </Button>
        <Button
          className="jp-mod-styled jp-mod-reject"
          type="button"
          onClick={() => model.description.edit(null)}
        >
          {trans.__('Cancel')}
        </Button>
      </div>
    </form>
  );
}

function ActiveBuild(props: IPageProps): JSX.Element | null {
  const { model } = props;
  const trans = useTrans();
  const labels = useLabels();
  const { environment } = model;
  if (!environment) {
    return null;
  }
  const id = environment.current_build_id;
  if (id === null) {
    return (
      <p className="jp-CondaStore-muted">
        {trans.__('It has no active build.')}
      </p>
    );
  }
  const build = model.builds.builds.find(row => row.id === id);
  const date = build && buildDate(build);
  const state = model.environments.stateOf(environment);
  const status = environment.status ? labels.status(environment.status) : '';
  const facts = [
    environment.status === 'COMPLETED' ? labels.copy(state) : status,
    date ? ago(date) : '',
    build && build.size > 0 ? bytes(build.size) : ''
  ];
  return (
    <p className="jp-CondaStore-facts">
      <span className="jp-CondaStore-badge">
        {trans.__('Active: build %1', id)}
      </span>
      <span title={date?.toLocaleString()}>
        {facts.filter(fact => fact).join(' · ')}
      </span>
      {environment.running_build_id !== null &&
        environment.running_build_id !== id && (
          <span>
            {trans.__('Build %1 is under way.', environment.running_build_id)}{' '}
            <LinkButton
              onClick={() => model.show('log', environment.running_build_id)}
            >
              {trans.__('Show its log')}
            </LinkButton>
          </span>
        )}
    </p>
  );
}
