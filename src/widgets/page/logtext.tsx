/** Text of any length, in chunks of which the browser lays out only the visible ones. */

import React, { useEffect, useLayoutEffect, useRef } from 'react';

/** Lines to a chunk. */
const CHUNK = 200;

/** The number of frames for which the end is looked for after the text has grown. */
const FRAMES = 8;

/** Pixels from the end within which a reader counts as being at the end. */
const NEAR = 24;

interface ILogTextProps {
  readonly text: string;
  readonly label: string;
  /** The line to mark, from 0; null for none. */
  readonly errorLine: number | null;
  /** Grows by one for each time that the marked line is to be shown. */
  readonly jumps: number;
  /** True to keep the end visible as the text grows. */
  readonly follow: boolean;
  /** Called when the reader leaves the end, and when they come back to it. */
  readonly onFollow: (follow: boolean) => void;
}

/** A log that can be scrolled, selected and searched like any text. */
export function LogText(props: ILogTextProps): JSX.Element {
  const { text, errorLine, jumps, follow, onFollow } = props;
  const box = useRef<HTMLDivElement>(null);
  const marked = useRef<HTMLElement>(null);
  const last = useRef(0);
  const dragging = useRef(false);

  useLayoutEffect(() => {
    if (!follow) {
      return;
    }
    // Chunks get their height only once they are visible: go on until the end stays where it is.
    let frames = FRAMES;
    let frame = 0;
    const toEnd = () => {
      const element = box.current;
      if (element) {
        element.scrollTop = element.scrollHeight;
        last.current = element.scrollTop;
      }
      if (--frames > 0) {
        frame = requestAnimationFrame(toEnd);
      }
    };
    toEnd();
    return () => cancelAnimationFrame(frame);
  }, [text, follow]);

  useEffect(() => {
    if (jumps > 0) {
      marked.current?.scrollIntoView({ block: 'center' });
      marked.current?.focus({ preventScroll: true });
    }
  }, [jumps]);

  const leave = (up: boolean) => {
    if (up && follow) {
      onFollow(false);
    }
  };
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current!;
    const down = scrollTop > last.current;
    leave(dragging.current && scrollTop < last.current);
    if (!follow && down && scrollTop + clientHeight >= scrollHeight - NEAR) {
      onFollow(true);
    }
    last.current = scrollTop;
  };

  return (
    <div
      ref={box}
      className="jp-CondaStore-text jp-CondaStore-log"
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label={props.label}
      onScroll={onScroll}
      onWheel={event => leave(event.deltaY < 0)}
      onTouchMove={() => leave(true)}
      onKeyDown={event =>
        leave(['ArrowUp', 'PageUp', 'Home'].includes(event.key))
      }
      onPointerDown={() => {
        dragging.current = true;
      }}
      onPointerUp={() => {
        dragging.current = false;
      }}
      onPointerLeave={() => {
        dragging.current = false;
      }}
    >
      {chunksOf(text).map((chunk, index) => {
        const line = errorLine === null ? -1 : errorLine - index * CHUNK;
        const here = line >= 0 && line < CHUNK;
        return (
          <Chunk
            key={index}
            text={chunk}
            line={here ? line : null}
            marked={here ? marked : null}
          />
        );
      })}
    </div>
  );
}

/** Some lines; drawn anew only when they change. */
const Chunk = React.memo(
  (props: {
    text: string;
    line: number | null;
    marked: React.RefObject<HTMLElement> | null;
  }): JSX.Element => {
    const { text, line, marked } = props;
    if (line === null) {
      return <pre>{text}</pre>;
    }
    const lines = text.split('\n');
    return (
      <pre>
        {lines.slice(0, line).map(before => `${before}\n`)}
        <mark ref={marked} tabIndex={-1}>
          {lines[line]}
        </mark>
        {lines.slice(line + 1).map(after => `\n${after}`)}
      </pre>
    );
  }
);
Chunk.displayName = 'LogChunk';

/** The text in pieces of so many lines each, without the line breaks between the pieces. */
export function chunksOf(text: string): string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const chunks: string[] = [];
  for (let start = 0; start < lines.length; start += CHUNK) {
    chunks.push(lines.slice(start, start + CHUNK).join('\n'));
  }
  return chunks;
}
