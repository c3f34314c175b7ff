/**
 * The text that conda-lock takes for a condition of conda-build's: brackets at the end of a line, behind a `#`.
 *
 * conda-store writes a specification as one line of JSON, which conda-lock then drops as a whole.
 */

import type { YAMLMap } from 'yaml';
import { pairOf } from './document';
import type { Report } from './report';

/** In the order in which conda-store writes them. */
const KEYS = [
  'channels',
  'dependencies',
  'description',
  'name',
  'prefix',
  'variables'
];
const CONDITION = /.+#.*\[[^[\]]+\][^()]*$/;

/** Report on what would be taken for a condition, by the last key that has it. */
export function checkCondition(map: YAMLMap, report: Report): void {
  const { trans } = report;
  const content = map.toJSON() as Record<string, unknown>;
  const written = Object.fromEntries(
    KEYS.map(key => [key, content[key] ?? null])
  );
  const taken = () => CONDITION.test(JSON.stringify(written));
  if (!taken()) {
    return;
  }
  // Lists have brackets of their own: what comes last is what can be changed.
  const key = ['variables', 'description'].find(name => {
    written[name] = null;
    return !taken();
  });
  report.about(
    'error',
    pairOf(map, key ?? 'dependencies')?.key,
    trans.__(
      'conda-lock takes the brackets here, which come after a #, for a condition and would leave out all packages: write it without the # or the brackets.'
    )
  );
}
