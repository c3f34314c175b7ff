/** The packages of a build. */

import React, { useEffect, useRef } from 'react';
import type { IPackage } from '../../tokens';
import { useTrans } from '../../translation';
import { PackageSearch } from './packagesearch';
import { BuildChooser, Failure, LinkButton, Loading } from './parts';
import type { IPageProps } from './props';

/** The choice of a build, a search box, and the table. */
export function Packages(props: IPageProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const { packages } = model;
  return (
    <>
      <PackageSearch
        value={packages.searchText}
        onChange={search => packages.setSearch(search)}
        count={packages.count}
      >
        <BuildChooser
          {...props}
          label={trans.__('Packages of')}
          value={model.buildId}
          onChoose={id => model.choose(id)}
        />
      </PackageSearch>
      {packages.error && <Failure error={packages.error} />}
      {packages.packages.length > 0 && <Table {...props} />}
      {!packages.packages.length && !packages.error && <Nothing {...props} />}
    </>
  );
}

/** The reason why there is no table. */
function Nothing(props: IPageProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  if (model.packages.count === null && model.buildId !== null) {
    return <Loading>{trans.__('Loading packages…')}</Loading>;
  }
  return (
    <p className="jp-CondaStore-muted">
      {model.packages.searchText.trim()
        ? trans.__('No package of this build matches.')
        : trans.__('This build has no packages: it was not completed.')}
    </p>
  );
}

function Table(props: IPageProps): JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const { packages, hasMore, loading, loadingMore, count } = model.packages;
  const end = useRef<HTMLDivElement>(null);
  const shown = packages.length;
  useEffect(() => {
    if (
      !end.current ||
      !hasMore ||
      typeof IntersectionObserver === 'undefined'
    ) {
      return;
    }
    const observer = new IntersectionObserver(
      entries => {
        if (entries.some(entry => entry.isIntersecting)) {
          void model.packages.more();
        }
      },
      { rootMargin: '400px' }
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [model, hasMore, shown]);
  return (
    <>
      <table
        className="jp-CondaStore-table"
        aria-label={trans.__('Packages')}
        aria-busy={loading}
      >
        <thead>
          <tr>
            <th scope="col">{trans.__('Name')}</th>
            <th scope="col">{trans.__('Version')}</th>
            <th scope="col" data-optional>
              {trans.__('Build')}
            </th>
            <th scope="col">{trans.__('Channel')}</th>
          </tr>
        </thead>
        <tbody>
          {packages.map(entry => (
            <Row
              key={`${entry.manager} ${entry.name} ${entry.build}`}
              entry={entry}
            />
          ))}
        </tbody>
      </table>
      <div ref={end} className="jp-CondaStore-end">
        {hasMore && (
          <LinkButton
            disabled={loadingMore}
            onClick={() => void model.packages.more()}
          >
            {loadingMore
              ? trans.__('Loading more…')
              : trans.__('Load more (%1 of %2 shown)', shown, count ?? shown)}
          </LinkButton>
        )}
      </div>
    </>
  );
}

/** Drawn once: a package's row never changes. */
const Row = React.memo((props: { entry: IPackage }): JSX.Element => {
  const { entry } = props;
  return (
    <tr title={entry.summary || undefined}>
      <th scope="row">{entry.name}</th>
      <td>{entry.version}</td>
      <td data-optional>{entry.build}</td>
      <td>{entry.manager === 'pip' ? entry.manager : entry.channel}</td>
    </tr>
  );
});
Row.displayName = 'PackageRow';
