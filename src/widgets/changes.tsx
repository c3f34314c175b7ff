/** What changes from one build to another, or would change: packages and the specification's own diff. */

import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { IChanges, IPackage, IVersionChange } from '../tokens';

interface IChangesProps {
  readonly changes: IChanges;
  readonly trans: TranslationBundle;
}

/** What became of one package. */
interface IChangeRow {
  readonly kind: keyof IKinds;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** The kinds of change, in the order in which they are shown. */
type IKinds = Pick<
  IChanges,
  'added' | 'removed' | 'upgraded' | 'downgraded' | 'rebuilt'
>;

/** How many packages changed in which way, in words. */
export function changesSummary(
  changes: IChanges,
  trans: TranslationBundle
): string {
  const { added, removed, upgraded, downgraded, rebuilt } = changes;
  const parts = [
    added.length ? trans.__('%1 added', added.length) : '',
    removed.length ? trans.__('%1 removed', removed.length) : '',
    upgraded.length ? trans.__('%1 upgraded', upgraded.length) : '',
    downgraded.length ? trans.__('%1 downgraded', downgraded.length) : '',
    rebuilt.length ? trans.__('%1 rebuilt', rebuilt.length) : ''
  ].filter(part => part);
  return parts.length ? parts.join(', ') : trans.__('No package changes');
}

/** The packages that change, a row each; then the specification's lines that do. */
export function Changes(props: IChangesProps): JSX.Element {
  const { changes, trans } = props;
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
                  {kindLabel(row.kind, trans)}
                </td>
                <th scope="row">{row.name}</th>
                <td>{row.before}</td>
                <td>{row.after}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {changes.specification && (
        <Diff text={changes.specification} trans={trans} />
      )}
    </div>
  );
}

interface IDiffProps {
  /** A unified diff. */
  readonly text: string;
  readonly trans: TranslationBundle;
}

/** A unified diff, its lines marked by sign and colour. */
export function Diff(props: IDiffProps): JSX.Element {
  const lines = props.text
    .replace(/\n$/, '')
    .split('\n')
    .filter(line => !/^(---|\+\+\+) /.test(line));
  return (
    <pre
      className="jp-CondaStore-diff"
      role="group"
      aria-label={props.trans.__('Changes of the specification')}
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
  const change = (kind: keyof IKinds, items: IVersionChange[]) =>
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

function kindLabel(kind: keyof IKinds, trans: TranslationBundle): string {
  switch (kind) {
    case 'added':
      return trans.__('added');
    case 'removed':
      return trans.__('removed');
    case 'upgraded':
      return trans.__('upgraded');
    case 'downgraded':
      return trans.__('downgraded');
    case 'rebuilt':
      return trans.__('rebuilt');
  }
}
