/** The namespace, name and description of the environment. */

import { InputDialog } from '@jupyterlab/apputils';
import React, { useId, useState } from 'react';
import { toErrorInfo } from '../../api/request';
import { setDescription, setName } from '../../specification';
import { useTrans } from '../../translation';
import type { IEditorProps } from './props';

/** Stands for a namespace that has yet to be created; no namespace can be called so. */
const NEW = '/new';

interface IIdentityProps extends IEditorProps {
  readonly name: string;
  /** Null where there is none to write. */
  readonly description: string | null;
}

/** Namespace, name, description. */
export function Identity(props: IIdentityProps): JSX.Element {
  const { model, name, description } = props;
  const trans = useTrans();
  const id = useId();
  return (
    <div className="jp-CondaStore-fields">
      <label htmlFor={`${id}-namespace`}>{trans.__('Namespace')}</label>
      <Namespace {...props} id={`${id}-namespace`} />
      <label htmlFor={`${id}-name`}>{trans.__('Name')}</label>
      <TextField
        id={`${id}-name`}
        value={name}
        placeholder={trans.__('such as analysis')}
        spellCheck={false}
        onWrite={
          model.isExisting
            ? null
            : value => {
                if (model.isLockfile) {
                  model.setName(value);
                } else {
                  model.edit(text => setName(text, value));
                }
              }
        }
      />
      {description !== null && (
        <>
          <label htmlFor={`${id}-description`}>{trans.__('Description')}</label>
          <TextField
            id={`${id}-description`}
            value={description}
            onWrite={value => model.edit(text => setDescription(text, value))}
          />
        </>
      )}
    </div>
  );
}

interface ITextFieldProps {
  readonly id: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly spellCheck?: boolean;
  /** Null where nothing can be written. */
  readonly onWrite: ((value: string) => void) | null;
}

/** A line of text. */
function TextField(props: ITextFieldProps): JSX.Element {
  const { onWrite, ...rest } = props;
  return (
    <input
      {...rest}
      className="jp-mod-styled"
      type="text"
      dir="auto"
      readOnly={!onWrite}
      onChange={event => onWrite?.(event.target.value)}
    />
  );
}

interface INamespaceProps extends IEditorProps {
  readonly id: string;
}

/** The namespaces in which the user may create environments; fixed for one that exists. */
function Namespace(props: INamespaceProps): JSX.Element {
  const { id, model } = props;
  const trans = useTrans();
  const [error, setError] = useState('');
  const { namespace } = model;
  const names = model.rights.writable;
  if (model.isExisting) {
    return <TextField id={id} value={namespace} onWrite={null} />;
  }
  const create = async () => {
    setError('');
    const { button, value } = await InputDialog.getText({
      title: trans.__('New namespace'),
      label: trans.__('Name'),
      okLabel: trans.__('Create')
    });
    if (button.accept && value?.trim()) {
      await model
        .createNamespace(value.trim())
        .catch(reason => setError(toErrorInfo(reason).message));
    }
  };
  return (
    <div>
      <select
        id={id}
        className="jp-mod-styled"
        value={namespace}
        onChange={event => {
          const { value } = event.target;
          if (value === NEW) {
            void create();
          } else {
            model.setNamespace(value);
          }
        }}
      >
        {(!namespace || !names.includes(namespace)) && (
          <option value={namespace}>{namespace}</option>
        )}
        {names.map(name => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
        {model.rights.permissions?.create_namespace && (
          <option value={NEW}>{trans.__('New namespace…')}</option>
        )}
      </select>
      {error && (
        <p className="jp-CondaStore-failure" role="alert" dir="auto">
          {error}
        </p>
      )}
    </div>
  );
}
