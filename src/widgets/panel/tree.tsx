/** The tree of namespaces, environments and builds. */

import React, { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useState } from 'react';
import { CommandIDs } from '../../tokens';
import { useTrans } from '../../translation';
import type { IPanelProps } from './props';
import { RowContent } from './row';
import type { Row } from './rowkinds';
import { isDeletable, mayOf, referenceOf } from './rowkinds';
import { useLabels } from './rowlabels';
import { parentOf, rowsOf, sectionKey, visibleRanges } from './rows';
import { useWindow } from './window';

/** Rows that Page Down and Page Up pass. */
const PAGE = 15;

/**
 * A tree with one tab stop: arrows walk it, Enter launches, Space folds, Delete removes a copy
 * or an empty namespace.
 * Only the visible rows are drawn, and the one that the Tab key reaches, so that it keeps the focus.
 */
export function Tree(props: IPanelProps): JSX.Element {
  const { model, commands } = props;
  const trans = useTrans();
  const labels = useLabels();
  const { revision } = model;
  const rows = useMemo(() => rowsOf(model), [model, revision]);
  const [wanted, setWanted] = useState({ id: '', index: 0 });
  const tree = useRef<HTMLDivElement>(null);
  const elements = useRef(new Map<string, HTMLElement>());
  const focused = useRef(false);
  const { first, end, offset } = useWindow(rows, tree, elements.current);

  // A row that is gone leaves its place to the one that took it.
  const index = rows.findIndex(row => row.id === wanted.id);
  const at = index < 0 ? Math.min(wanted.index, rows.length - 1) : index;
  const active = rows[at]?.id ?? null;

  const ranges = visibleRanges(rows.slice(first, end));
  const visible = JSON.stringify(ranges);
  useEffect(() => {
    model.setVisible(ranges);
  }, [model, visible, revision]);

  const moved = useRef(false);
  const focus = (index: number) => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
    if (row) {
      setWanted({ id: row.id, index: rows.indexOf(row) });
      moved.current = true;
    }
  };
  useLayoutEffect(() => {
    const element = active === null ? null : elements.current.get(active);
    if (element && moved.current) {
      moved.current = false;
      element.focus({ preventScroll: true });
      element.scrollIntoView?.({ block: 'nearest' });
    } else if (
      element &&
      focused.current &&
      document.activeElement === document.body
    ) {
      // The row that had the focus is gone; it goes to the one in its place.
      element.focus({ preventScroll: true });
    }
  });

  const toggle = (row: Row) => {
    switch (row.kind) {
      case 'section':
        model.folding.toggleNamespace(sectionKey(row.section));
        break;
      case 'namespace':
        if (row.expanded !== null) {
          model.folding.toggleNamespace(row.namespace);
        }
        break;
      case 'environment':
        void model.toggleBuilds(row.environment, row.section);
        break;
      case 'note': {
        const { namespace, name } = row.environment;
        if (row.note === 'more') {
          void model.builds.more(namespace, name);
        } else if (row.note === 'error') {
          void model.builds.load(namespace, name);
        }
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
    if (row.kind === 'namespace') {
      const { namespace } = row;
      if (isDeletable(row)) {
        void commands.execute(CommandIDs.deleteNamespace, { namespace });
      }
      return;
    }
    const reference = referenceOf(row);
    if (reference && 'state' in row && row.state.kind === 'ready') {
      void commands.execute(CommandIDs.remove, { ...reference });
    }
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    const row = rows[at];
    const onButton = (event.target as HTMLElement).tagName === 'BUTTON';
    if (!row || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const acts: Record<string, () => void> = {
      ArrowDown: () => focus(at + 1),
      ArrowUp: () => focus(at - 1),
      PageDown: () => focus(at + PAGE),
      PageUp: () => focus(at - PAGE),
      Home: () => focus(0),
      End: () => focus(rows.length - 1)
    };
    if (!onButton) {
      acts.ArrowRight = () => {
        if (row.expanded === false) {
          toggle(row);
        } else if (rows[at + 1]?.level > row.level) {
          focus(at + 1);
        }
      };
      acts.ArrowLeft = () => {
        const parent = parentOf(rows, at);
        if (row.expanded) {
          toggle(row);
        } else if (parent) {
          focus(rows.indexOf(parent));
        }
      };
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

  const draw = (index: number) => {
    const row = rows[index];
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
        aria-label={labels.row(row)}
        aria-level={row.level}
        aria-posinset={row.position}
        aria-setsize={row.siblings}
        aria-expanded={row.expanded ?? undefined}
        aria-busy={row.kind === 'placeholder' || undefined}
        tabIndex={index === at ? 0 : -1}
        data-kind={row.kind}
        data-state={'state' in row ? row.state.kind : undefined}
        data-launchable={'state' in row ? row.state.launchable : undefined}
        data-may={mayOf(row)?.join(' ')}
        data-namespace={
          row.kind === 'namespace' ? row.namespace : reference?.namespace
        }
        data-environment={reference?.environment}
        data-build={reference?.build_id ?? undefined}
        onFocus={() => setWanted({ id: row.id, index })}
        onClick={() => {
          focus(index);
          toggle(row);
        }}
      >
        <RowContent {...props} row={row} active={index === at} />
      </div>
    );
  };
  const room = (key: string, from: number, to: number) => (
    <div
      key={key}
      role="presentation"
      style={{ height: offset(to) - offset(from) }}
    />
  );

  const drawn: JSX.Element[] = [];
  if (at < first && at >= 0) {
    drawn.push(room('above', 0, at), draw(at), room('over', at + 1, first));
  } else {
    drawn.push(room('above', 0, first));
  }
  for (let index = first; index < end; index++) {
    drawn.push(draw(index));
  }
  if (at >= end) {
    drawn.push(
      room('under', end, at),
      draw(at),
      room('below', at + 1, rows.length)
    );
  } else {
    drawn.push(room('below', end, rows.length));
  }

  return (
    <div
      ref={tree}
      role="tree"
      className="jp-CondaStore-tree"
      aria-label={trans.__('Conda-store environments')}
      aria-busy={model.listing.loading}
      onKeyDown={onKeyDown}
      onFocus={() => {
        focused.current = true;
      }}
      onBlur={event => {
        // A row that is drawn no more does not give the focus away.
        const gone = event.relatedTarget === null && !document.hasFocus();
        focused.current =
          gone || event.currentTarget.contains(event.relatedTarget);
      }}
    >
      {drawn}
    </div>
  );
}
