/** Problems as they are collected, with their places in the text. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { Node, Pair } from 'yaml';
import { isNode, LineCounter } from 'yaml';

/** The severity of a problem: conda-store refuses an error, a warning is likely a slip, an info is good to know. */
export type Severity = 'error' | 'warning' | 'info';

/** One thing that is wrong, and where: offsets in the text, line and column from 1. */
export interface IProblem {
  readonly severity: Severity;
  readonly message: string;
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly column: number;
}

/** The problems of one text. */
export class Report {
  /**
   * @param trans - Translates the sentences.
   */
  constructor(
    private readonly _text: string,
    readonly trans: TranslationBundle
  ) {
    this._lines.addNewLine(0);
    for (let at = 0; at < _text.length; at++) {
      if (_text[at] === '\n') {
        this._lines.addNewLine(at + 1);
      }
    }
  }

  /** All that were reported, in the order of the text. */
  get problems(): IProblem[] {
    return [...this._problems].sort((a, b) => a.from - b.from);
  }

  /** The line of an offset, from 1. */
  lineOf(offset: number): number {
    return this._lines.linePos(offset).line;
  }

  /** Report something about a node or a pair; null stands for the text's begin. */
  about(severity: Severity, where: unknown, message: string): void {
    const [from, to] = rangeOf(where) ?? [0, this._text.indexOf('\n')];
    this.at(severity, from, to, message);
  }

  /** Report that an address has a password in it, which is not repeated. */
  password(where: unknown): void {
    this.about(
      'error',
      where,
      this.trans.__(
        'Everybody who may see the environment could read the password in this address: use one without.'
      )
    );
  }

  /** Report something between two offsets. */
  at(severity: Severity, start: number, end: number, message: string): void {
    const from = Math.max(0, Math.min(start, this._text.length));
    const to = Math.max(from, Math.min(end, this._text.length));
    const { line, col } = this._lines.linePos(from);
    this._problems.push({ severity, message, from, to, line, column: col });
  }

  private readonly _lines = new LineCounter();
  private readonly _problems: IProblem[] = [];
}

/** Return the range of something in the text. */
function rangeOf(where: unknown): [number, number] | null {
  if (isNode(where)) {
    const range = (where as Node).range;
    return range ? [range[0], range[1]] : null;
  }
  const pair = where as Pair | null | undefined;
  return pair && 'key' in pair ? rangeOf(pair.key) : null;
}
