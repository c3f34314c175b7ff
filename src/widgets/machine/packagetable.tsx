/** The packages of an environment of this machine. */

import React from 'react';
import { useTrans } from '../../translation';
import { Failure, LinkButton, Loading } from '../page/parts';
import { PackageSearch } from '../page/packagesearch';
import type { IMachinePageProps } from './view';

/** A search box and a row for each package, with what can be done with it. */
export function PackageTable({ model }: IMachinePageProps): JSX.Element {
  const trans = useTrans();
  const { value, error, loading } = model.packages;
  const change = (
    label: string,
    name: string,
    wanted: Parameters<typeof model.want>[0]
  ) => (
    <LinkButton
      label={name}
      disabled={model.busy}
      onClick={() => void model.want(wanted)}
    >
      {label}
    </LinkButton>
  );
  return (
    <>
      <PackageSearch
        value={model.search}
        onChange={search => model.setSearch(search)}
        count={value && value.length}
      />
      {error && <Failure error={error} />}
      {loading && !value && <Loading>{trans.__('Loading packages…')}</Loading>}
      {value && (
        <table
          className="jp-CondaStore-table"
          aria-label={trans.__('Packages')}
          aria-busy={loading}
        >
          <thead>
            <tr>
              <th scope="col">{trans.__('Name')}</th>
              <th scope="col">{trans.__('Version')}</th>
              <th scope="col">{trans.__('Channel')}</th>
              {model.changeable && (
                <th scope="col">
                  <span className="jp-CondaStore-hidden">
                    {trans.__('Change')}
                  </span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {model.shown.map(({ name, version, channel, manager, summary }) => (
              <tr key={`${manager} ${name}`} title={summary || undefined}>
                <th scope="row">{name}</th>
                <td>{version}</td>
                <td>{manager === 'pip' ? manager : channel}</td>
                {model.changeable && (
                  <td className="jp-CondaStore-machineChanges">
                    {change(
                      trans.__('Upgrade…'),
                      trans.__('Upgrade %1', name),
                      {
                        upgrade: [name]
                      }
                    )}
                    {change(trans.__('Remove…'), trans.__('Remove %1', name), {
                      remove: [name]
                    })}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
