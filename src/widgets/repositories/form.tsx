/** The form of what to look at: an address, a branch or tag, a notebook, an environment. */

import { Button } from '@jupyterlab/ui-components';
import React, { useId } from 'react';
import type { IRepositoryRequest } from '../../api/repositories';
import { useTrans } from '../../translation';
import { Combobox } from '../editor/combobox';
import type { IRepositoryProps } from './props';

/** A field for each; branches are completed once there is an address, notebooks once somebody looked. */
export function RepositoryForm(props: IRepositoryProps): JSX.Element {
  const { model } = props;
  const { request, names, notebooks, running } = model;
  const trans = useTrans();
  const look = () => void model.look();
  const refs = names ? [...names.branches, ...names.tags] : [];
  const field = (name: 'repository' | 'ref' | 'path' | 'environment') => ({
    value: request[name],
    onChange: (value: string) => {
      const change: Partial<IRepositoryRequest> = { [name]: value };
      model.change(change);
    },
    onEnter: look
  });
  return (
    <form
      className="jp-CondaStore-repositoryForm"
      aria-label={trans.__('Repository')}
      onSubmit={event => {
        event.preventDefault();
        look();
      }}
    >
      <Field
        label={trans.__('Repository')}
        hint={trans.__(
          'An address, OWNER/NAME, a folder, or a link of Binder or nbgitpuller'
        )}
      >
        <Combobox
          {...field('repository')}
          label={trans.__('Repository')}
          placeholder={trans.__('https://github.com/OWNER/NAME')}
          options={[]}
          onBlur={() => void model.askNames()}
        />
      </Field>
      <Field label={trans.__('Branch, tag or commit')}>
        <Combobox
          {...field('ref')}
          label={trans.__('Branch, tag or commit')}
          placeholder={names?.default ?? trans.__('what it shows first')}
          options={offered(refs, request.ref)}
          onFocus={() => void model.askNames()}
        />
      </Field>
      <Field label={trans.__('Notebook')}>
        <Combobox
          {...field('path')}
          label={trans.__('Notebook')}
          placeholder={trans.__('index.ipynb, the only one, or its folder')}
          options={offered(notebooks, request.path)}
        />
      </Field>
      <Field label={trans.__('Environment')}>
        <Combobox
          {...field('environment')}
          label={trans.__('Environment')}
          placeholder={trans.__('what its files ask for')}
          options={[]}
        />
      </Field>
      <Button
        className={model.seen ? 'jp-mod-styled' : 'jp-mod-styled jp-mod-accept'}
        type="submit"
        disabled={running || !request.repository.trim()}
      >
        {trans.__('Look at it')}
      </Button>
    </form>
  );
}

/** Return the options that contain the written text; all options if it is one of them. */
function offered(
  options: ReadonlyArray<string>,
  written: string
): ReadonlyArray<string> {
  return options.includes(written)
    ? options
    : options.filter(option => option.includes(written));
}

interface IFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly children: React.ReactNode;
}

function Field({ label, hint, children }: IFieldProps): JSX.Element {
  const id = useId();
  return (
    <div
      className="jp-CondaStore-repositoryField"
      role="group"
      aria-labelledby={id}
    >
      <span id={id}>{label}</span>
      {children}
      {hint && <small>{hint}</small>}
    </div>
  );
}
