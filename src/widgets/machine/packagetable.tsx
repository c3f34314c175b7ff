/** The packages of an environment of this machine. */

import { InputGroup } from '@jupyterlab/ui-components';
import React from 'react';
import { useTrans } from '../../translation';
import { Failure, LinkButton, Loading } from '../page/parts';
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
      <div className="jp-CondaStore-controls">
        <InputGroup
          type="search"
          className="jp-CondaStore-search"
          aria-label={trans.__('Search packages')}
          placeholder={trans.__('Search packages')}
          rightIcon="ui-components:search"
          value={model.search}
          onChange={event => model.setSearch(event.target.value)}
        />
        <span className="jp-CondaStore-muted" role="status">
          {value && trans._n('%1 package', '%1 packages', value.length)}
        </span>
      </div>
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
