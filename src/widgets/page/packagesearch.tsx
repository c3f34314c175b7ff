/** The search box above a table of packages. */

import { InputGroup } from '@jupyterlab/ui-components';
import React from 'react';
import { useTrans } from '../../translation';

interface IPackageSearchProps {
  readonly value: string;
  readonly onChange: (search: string) => void;
  /** The number of packages; null as long as that is unknown. */
  readonly count: number | null;
  /** Further controls in front of the box. */
  readonly children?: React.ReactNode;
}

/** A row with a search box and the number of packages. */
export function PackageSearch(props: IPackageSearchProps): JSX.Element {
  const { value, onChange, count, children } = props;
  const trans = useTrans();
  return (
    <div className="jp-CondaStore-controls">
      {children}
      <InputGroup
        type="search"
        className="jp-CondaStore-search"
        aria-label={trans.__('Search packages')}
        placeholder={trans.__('Search packages')}
        rightIcon="ui-components:search"
        value={value}
        onChange={event => onChange(event.target.value)}
      />
      <span className="jp-CondaStore-muted" role="status">
        {count !== null && trans._n('%1 package', '%1 packages', count)}
      </span>
    </div>
  );
}
