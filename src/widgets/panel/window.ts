/** The rows of a long list that are visible: only those are drawn. */

import type { RefObject } from 'react';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Row } from './rowkinds';

/** Pixels above and below the visible part that are drawn as well. */
const MARGIN = 260;

/** Pixels to scroll before the window is looked at again. */
const STEP = 130;

/** Pixels of a list that is not laid out: in a hidden panel, or without a browser. */
const UNKNOWN_HEIGHT = 2000;

/** Pixels of a row that was never drawn. */
const HEIGHTS: Record<Row['kind'], number> = {
  section: 26,
  namespace: 26,
  environment: 26,
  placeholder: 26,
  build: 44,
  note: 26
};

/** The rows to draw, and the room for the others. */
export interface IWindow {
  /** The first row to draw, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** Pixels above a row; that of the row after the last is the height of all. */
  readonly offset: (index: number) => number;
}

/**
 * Follow the scrolling of the nearest element of class `jp-CondaStore-scroll` and the heights of rows.
 *
 * @param rows - All rows.
 * @param tree - What holds the rows.
 * @param elements - The rows that are drawn, by id.
 */
export function useWindow(
  rows: ReadonlyArray<Row>,
  tree: RefObject<HTMLElement>,
  elements: ReadonlyMap<string, HTMLElement>
): IWindow {
  const [top, setTop] = useState(0);
  // Nothing is looked at, and fetched, before it is known how much is visible.
  const [height, setHeight] = useState(0);
  const measured = useRef(new Map<string, number>());
  const [measurement, setMeasurement] = useState(0);

  useLayoutEffect(() => {
    const list = tree.current;
    const scroll = list?.closest<HTMLElement>('.jp-CondaStore-scroll');
    if (!list || !scroll) {
      return;
    }
    const measure = () => {
      const above =
        list.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
      setTop(Math.floor(Math.max(0, -above) / STEP) * STEP);
      setHeight(scroll.clientHeight || UNKNOWN_HEIGHT);
    };
    measure();
    scroll.addEventListener('scroll', measure, { passive: true });
    const observer =
      typeof ResizeObserver === 'undefined'
        ? null
        : new ResizeObserver(measure);
    observer?.observe(scroll);
    return () => {
      scroll.removeEventListener('scroll', measure);
      observer?.disconnect();
    };
  }, [tree]);

  const offsets = useMemo(() => {
    const sums = new Float64Array(rows.length + 1);
    rows.forEach((row, index) => {
      sums[index + 1] =
        sums[index] + (measured.current.get(row.id) ?? HEIGHTS[row.kind]);
    });
    return sums;
  }, [rows, measurement]);

  // What is drawn tells how high it is; the others move before anybody sees it.
  useLayoutEffect(() => {
    let news = false;
    elements.forEach((element, id) => {
      const now = element.offsetHeight;
      const kind = element.dataset.kind as Row['kind'];
      if (now && now !== (measured.current.get(id) ?? HEIGHTS[kind])) {
        measured.current.set(id, now);
        news = true;
      }
    });
    if (news) {
      setMeasurement(count => count + 1);
    }
  });

  return {
    first: Math.max(0, rowAt(offsets, top - MARGIN)),
    end: Math.min(
      rows.length,
      rowAt(offsets, top + height + STEP + MARGIN) + 1
    ),
    offset: index => offsets[index]
  };
}

/** The last row that begins at or above a height. */
function rowAt(offsets: Float64Array, height: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (offsets[middle] <= height) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
