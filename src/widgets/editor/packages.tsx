/** The packages that conda installs, a row each. */

import { Button, closeIcon } from '@jupyterlab/ui-components';
import React, { useRef, useState } from 'react';
import type { IPackageEntry } from '../../specification';
import {
  addPackage,
  isMatchSpec,
  packageName,
  removePackage,
  splitMatchSpec,
  updatePackage
} from '../../specification';
import { useTrans } from '../../translation';
import { Notice } from '../notice';
import { Combobox } from './combobox';
import { IconButton } from './icon-button';
import type { IFormProps } from './props';

/** Name and version of each package, and a line to add one. */
export function Packages(props: IFormProps): JSX.Element {
  const { model, content } = props;
  const trans = useTrans();
  const [added, setAdded] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const add = (spec: string) => {
    if (spec.trim()) {
      model.edit(text => addPackage(text, spec));
      setAdded('');
      input.current?.focus();
    }
  };
  const { constraint } = splitMatchSpec(added);
  return (
    <section aria-label={trans.__('Packages')}>
      <h3>{trans.__('Packages')}</h3>
      {model.missingKernel && <Kernel {...props} />}
      {content.packages.length > 0 && (
        <ul className="jp-CondaStore-entries">
          {content.packages.map(entry => (
            <Package
              {...props}
              key={`${entry.index} ${entry.name}`}
              entry={entry}
              onRemove={() => {
                model.edit(text => removePackage(text, entry.index));
                input.current?.focus();
              }}
            />
          ))}
        </ul>
      )}
      <div className="jp-CondaStore-add">
        <Combobox
          label={trans.__('Add a package')}
          placeholder={trans.__('Add a package, such as numpy')}
          inputRef={input}
          value={added}
          options={constraint ? [] : model.completions.names(added)}
          onChange={value => {
            setAdded(value);
            model.completions.askNames(value);
          }}
          onChoose={add}
          onEnter={() => add(added)}
        />
        <Button
          className="jp-mod-styled"
          type="button"
          disabled={!added.trim()}
          aria-label={trans.__('Add the package')}
          onClick={() => add(added)}
        >
          {trans.__('Add')}
        </Button>
      </div>
    </section>
  );
}

/** That no notebook could run on it, and what to do. */
function Kernel(props: IFormProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const kernel = model.missingKernel ?? '';
  return (
    <Notice
      severity="warning"
      text={trans.__(
        'No package with a kernel is listed: notebooks cannot run on this environment.'
      )}
    >
      <Button
        className="jp-mod-styled"
        type="button"
        onClick={() => model.edit(text => addPackage(text, kernel))}
      >
        {trans.__('Add %1', kernel)}
      </Button>
    </Notice>
  );
}

interface IPackageProps extends IFormProps {
  readonly entry: IPackageEntry;
  readonly onRemove: () => void;
}

/** A package's row. While somebody writes the version, it stays as it is written. */
function Package(props: IPackageProps): JSX.Element {
  const { model, entry } = props;
  const trans = useTrans();
  const { name, index } = entry;
  const [written, setWritten] = useState<string | null>(null);
  const shown = written ?? entry.constraint;
  const bare = packageName(name);
  const valid = isMatchSpec(entry.text);
  const message = trans.__('Write a version like 2.1, =2.1.*, >=2 or >=2,<3.');
  return (
    <li>
      <span className="jp-CondaStore-entry" dir="auto">
        {name || entry.text}
      </span>
      <Combobox
        label={trans.__('Version of %1', name)}
        placeholder={trans.__('any version')}
        value={shown}
        invalid={!valid}
        options={versionOptions(shown, model.completions.versions(bare))}
        onChange={value => {
          setWritten(value);
          model.edit(text =>
            updatePackage(text, index, { name, constraint: value })
          );
        }}
        onFocus={() => {
          setWritten(entry.constraint);
          void model.completions.askVersions(bare);
        }}
        onBlur={() => setWritten(null)}
      />
      <IconButton
        icon={closeIcon}
        name={trans.__('Remove the package %1', name)}
        onClick={props.onRemove}
      />
      {!valid && (
        <p className="jp-CondaStore-failure" role="status">
          {message}
        </p>
      )}
    </li>
  );
}

/** The versions that begin with what is written, with its operator in front. */
function versionOptions(
  written: string,
  versions: ReadonlyArray<string>
): string[] {
  const match = /^(.*?)([=<>!~]*)\s*([^,|=<>!~\s]*)$/.exec(written);
  if (!match || written.startsWith('[')) {
    return [];
  }
  const [, before, operator, begun] = match;
  return versions
    .filter(version => version.startsWith(begun.replace(/\*$/, '')))
    .map(version => `${before}${operator || '='}${version}`)
    .filter(option => option !== written);
}
