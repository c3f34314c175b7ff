/** The problems of the variables of a specification, and the use that conda-store makes of them. */

import type { Pair, YAMLMap } from 'yaml';
import { isMap, isScalar } from 'yaml';
import { keyOf, pairOf, valueOf } from './document';
import type { Report } from './report';

/** The one that conda-store hands on to conda-lock. */
const HEEDED = 'CONDA_OVERRIDE_CUDA';

/** Report on the variables of a document's mapping. */
export function checkVariables(map: YAMLMap, report: Report): void {
  const { trans } = report;
  const pair = pairOf(map, 'variables');
  if (!pair || valueOf(pair) === null) {
    return;
  }
  if (!isMap(pair.value)) {
    report.about(
      'error',
      pair,
      trans.__('Variables are written as “NAME: value”, each on a line.')
    );
    return;
  }
  const items = pair.value.items as Pair[];
  if (items.some(({ key }) => keyOf(key) !== HEEDED)) {
    report.about(
      'info',
      pair.key,
      trans.__(
        'Kernels and programs of the environment get these variables; conda-store does not set them while it builds.'
      )
    );
  }
  for (const variable of items) {
    const value = valueOf(variable);
    const whole = typeof value === 'number' && Number.isInteger(value);
    if (typeof value !== 'string' && !whole) {
      report.about(
        'error',
        variable.value ?? variable,
        trans.__('A variable is text or a whole number: put it in quotes.')
      );
    } else if (whole && sourceOf(variable) !== String(value)) {
      report.about(
        'warning',
        variable.value,
        trans.__(
          'conda-store reads this as %1: put it in quotes.',
          String(value)
        )
      );
    }
  }
}

/** A plain value as it is written. */
function sourceOf(pair: Pair): string | undefined {
  return isScalar(pair.value) ? pair.value.source : undefined;
}
