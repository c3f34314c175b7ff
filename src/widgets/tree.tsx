/** The tree of namespaces, environments and builds. */

import React, { useEffect, useRef, useState } from 'react';
import { CommandIDs } from '../tokens';
import type { IPanelProps } from './props';
import { RowContent, rowLabel } from './row';
import type { Row } from './rows';
import { parentOf, referenceOf, rowsOf } from './rows';

/** A tree with one tab stop: arrows walk it, Enter launches, Space folds, Delete removes a copy. */
export function Tree(props: IPanelProps): JSX.Element {
  const { model, commands, trans } = props;
  const rows = rowsOf(model);
  const [wanted, setWanted] = useState<string | null>(null);
  const elements = useRef(new Map<string, HTMLElement>());
  const end = useRef<HTMLDivElement>(null);
  const active = rows.find(row => row.id === wanted)?.id ?? rows[0]?.id ?? null;

  const { hasMore, loading } = model.listing;
  const fetched = model.listing.environments.length;
  const drawn = rows.length;
  const drawnBefore = useRef(0);
  useEffect(() => {
    const target = end.current;
    if (!target || !hasMore || typeof IntersectionObserver === 'undefined') {
      return;
    }
    const observer = new IntersectionObserver(
      entries => {
        const seen = entries.some(entry => entry.isIntersecting);
        // A page that lies in a folded namespace draws nothing: the button is there for going on.
        if (seen && !loading && drawn !== drawnBefore.current) {
          drawnBefore.current = drawn;
          void model.listing.more();
        }
      },
      { rootMargin: '400px' }
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [model, hasMore, loading, fetched, drawn]);

  const focus = (row: Row | undefined) => {
    if (row) {
      setWanted(row.id);
      elements.current.get(row.id)?.focus();
    }
  };

  const toggle = (row: Row) => {
    if (row.kind === 'namespace') {
      model.folding.toggleNamespace(row.namespace);
    } else if (row.kind === 'environment') {
      void model.toggleBuilds(row.environment);
    } else if (row.kind === 'note') {
      const { namespace, name } = row.environment;
      if (row.note === 'more') {
        void model.builds.more(namespace, name);
      } else if (row.note === 'error') {
        void model.builds.load(namespace, name);
      }
    }
  };

  const launch = (row: Row) => {
    const reference = referenceOf(row);
    if (reference && 'state' in row && row.state.launchable) {
      void commands.execute(CommandIDs.launch, { ...reference });
    } else {
      toggle(row);
    }
  };

  const remove = (row: Row) => {
    const reference = referenceOf(row);
    if (reference && 'state' in row && row.state.kind === 'ready') {
      void commands.execute(CommandIDs.remove, { ...reference });
    }
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    const index = rows.findIndex(row => row.id === active);
    const row = rows[index];
    const onButton = (event.target as HTMLElement).tagName === 'BUTTON';
    if (!row || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const acts: Record<string, () => void> = {
      ArrowDown: () => focus(rows[index + 1]),
      ArrowUp: () => focus(rows[index - 1]),
      Home: () => focus(rows[0]),
      End: () => focus(rows[rows.length - 1])
    };
    if (!onButton) {
      acts.ArrowRight = () =>
        row.expanded === false ? toggle(row) : focus(firstChild(rows, index));
      acts.ArrowLeft = () =>
        row.expanded ? toggle(row) : focus(parentOf(rows, index));
      acts.Enter = () => launch(row);
      acts[' '] = () => toggle(row);
      acts.Delete = () => remove(row);
    }
    if (event.key in acts) {
      event.preventDefault();
      event.stopPropagation();
      acts[event.key]();
    }
  };

  return (
    <>
      <div
        role="tree"
        className="jp-CondaStore-tree"
        aria-label={trans.__('Conda-store environments')}
        aria-busy={model.listing.loading}
        onKeyDown={onKeyDown}
      >
        {rows.map(row => {
          const reference = referenceOf(row);
          return (
            <div
              key={row.id}
              ref={element => {
                if (element) {
                  elements.current.set(row.id, element);
                } else {
                  elements.current.delete(row.id);
                }
              }}
              role="treeitem"
              className="jp-CondaStore-row"
              aria-label={rowLabel(row, trans)}
              aria-level={row.level}
              aria-posinset={row.position}
              aria-setsize={row.siblings}
              aria-expanded={row.expanded ?? undefined}
              tabIndex={row.id === active ? 0 : -1}
              data-kind={row.kind}
              data-state={'state' in row ? row.state.kind : undefined}
              data-launchable={
                'state' in row ? row.state.launchable : undefined
              }
              data-namespace={reference?.namespace}
              data-environment={reference?.environment}
              data-build={reference?.build_id ?? undefined}
              onFocus={() => setWanted(row.id)}
              onClick={() => {
                focus(row);
                toggle(row);
              }}
            >
              <RowContent {...props} row={row} active={row.id === active} />
            </div>
          );
        })}
      </div>
      <div ref={end} className="jp-CondaStore-end">
        {hasMore && (
          <button
            className="jp-CondaStore-link"
            onClick={() => void model.listing.more()}
          >
            {model.listing.loadingMore
              ? trans.__('Loading more…')
              : trans.__('Load more')}
          </button>
        )}
      </div>
    </>
  );
}

/** The row below, if it is inside this one. */
function firstChild(rows: ReadonlyArray<Row>, index: number): Row | undefined {
  const next = rows[index + 1];
  return next && next.level > rows[index].level ? next : undefined;
}
