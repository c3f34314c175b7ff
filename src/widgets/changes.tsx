/** The changes from one build to another, made or to be made: packages and the specification's own diff. */

import React from 'react';
import type { IChanges, IPackage, IVersionChange } from '../tokens';
import { useTrans } from '../translation';
import type { ChangeKind } from './labels';
import { useLabels } from './labels';

interface IChangesProps {
  readonly changes: IChanges;
}

/** The change of one package. */
interface IChangeRow {
  readonly kind: ChangeKind;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** The packages that change, a row each; then the specification's lines that do. */
export function Changes(props: IChangesProps): JSX.Element {
  const { changes } = props;
  const trans = useTrans();
  const labels = useLabels();
  const rows = rowsOf(changes);
  return (
    <div className="jp-CondaStore-changes">
      {rows.length > 0 && (
        <table className="jp-CondaStore-table">
          <caption className="jp-CondaStore-hidden">
            {trans.__('Packages that change')}
          </caption>
          <thead>
            <tr>
              <th scope="col">{trans.__('Change')}</th>
              <th scope="col">{trans.__('Package')}</th>
              <th scope="col">{trans.__('Before')}</th>
              <th scope="col">{trans.__('After')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <tr key={`${row.kind} ${row.name}`} data-change={row.kind}>
                <td className="jp-CondaStore-change">
                  {labels.changeKind(row.kind)}
                </td>
                <th scope="row">{row.name}</th>
                <td>{row.before}</td>
                <td>{row.after}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {changes.specification && <Diff text={changes.specification} />}
    </div>
  );
}

interface IDiffProps {
  /** A unified diff. */
  readonly text: string;
}

/** A unified diff, its lines marked by sign and colour. */
export function Diff(props: IDiffProps): JSX.Element {
  const trans = useTrans();
  const lines = props.text
    .replace(/\n$/, '')
    .split('\n')
    .filter(line => !/^(---|\+\+\+) /.test(line));
  return (
    <pre
      className="jp-CondaStore-diff"
      role="group"
      aria-label={trans.__('Changes of the specification')}
      tabIndex={0}
    >
      {lines.map((line, index) => (
        <span key={index} data-sign={line[0]}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}

function rowsOf(changes: IChanges): IChangeRow[] {
  const change = (kind: ChangeKind, items: IVersionChange[]) =>
    items.map(item => ({
      kind,
      name: item.name,
      before: item.old,
      after: item.new
    }));
  const version = ({ version, manager }: IPackage) =>
    manager === 'pip' ? `${version} (pip)` : version;
  return [
    ...changes.added.map(item => ({
      kind: 'added' as const,
      name: item.name,
      before: '',
      after: version(item)
    })),
    ...changes.removed.map(item => ({
      kind: 'removed' as const,
      name: item.name,
      before: version(item),
      after: ''
    })),
    ...change('upgraded', changes.upgraded),
    ...change('downgraded', changes.downgraded),
    ...change('rebuilt', changes.rebuilt)
  ];
}
