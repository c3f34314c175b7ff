/** The problems of the lines of `dependencies`, and the parts that conda-store drops without a word. */

import type { YAMLMap, YAMLSeq } from 'yaml';
import { isMap, isScalar, isSeq } from 'yaml';
import { hasCredentials, isLockableAddress } from './addresses';
import { keyOf, pairOf } from './document';
import {
  addressOf,
  hasPythonMarker,
  isMatchSpec,
  isPipArgument,
  packageName,
  requirementName,
  splitMatchSpec
} from './matchspec';
import type { Report } from './report';

/** Report on the dependencies of a document's mapping. */
export function checkDependencies(map: YAMLMap, report: Report): void {
  new Dependencies(report).check(map);
}

/** The list below a key; null, and a problem if it is something else, when there is none. */
export function checkList(
  map: YAMLMap,
  key: string,
  report: Report
): YAMLSeq | null {
  const pair = pairOf(map, key);
  if (!pair || isSeq(pair.value)) {
    return (pair?.value as YAMLSeq | undefined) ?? null;
  }
  const { trans } = report;
  report.about(
    'error',
    pair,
    trans.__('“%1” must be a list: one item per line, each after “- ”.', key)
  );
  return null;
}

/** Goes through the lines once. */
class Dependencies {
  constructor(private readonly _report: Report) {}

  check(map: YAMLMap): void {
    const { trans } = this._report;
    const pair = pairOf(map, 'dependencies');
    if (!pair) {
      const message = trans.__('No packages are listed.');
      this._report.about('warning', null, message);
      return;
    }
    const list = checkList(map, 'dependencies', this._report);
    if (list && !list.items.length) {
      const message = trans.__('No packages are listed.');
      this._report.about('warning', pair, message);
    }
    const pip = list?.items.find(item => isMap(item) && item.has('pip'));
    list?.items.forEach(item => {
      if (isMap(item)) {
        this._section(item);
      } else {
        this._package(item, !!pip);
      }
    });
    if (pip && !this._packages.has('pip')) {
      this._report.about(
        'warning',
        pairOf(pip as YAMLMap, 'pip')?.key,
        trans.__('List pip itself as a package too, so that conda installs it.')
      );
    }
  }

  private _package(item: unknown, hasPip: boolean): void {
    const { trans } = this._report;
    const text = isScalar(item) ? item.value : undefined;
    const error = (message: string) =>
      this._report.about('error', item, message);
    if (text === null || text === '') {
      error(trans.__('This line of the list is empty.'));
    } else if (typeof text !== 'string') {
      error(
        trans.__(
          'A package is text such as numpy>=2; put it in quotes if need be.'
        )
      );
    } else if (hasCredentials(text)) {
      this._report.password(item);
    } else if (!isMatchSpec(text)) {
      error(
        trans.__(
          '“%1” is not a package for conda: write it like numpy, numpy=2.1 or numpy>=2,<3.',
          text
        )
      );
    } else {
      const name = packageName(text);
      this._once(item, name, this._packages);
      if (name === 'pip' && hasPip && splitMatchSpec(text).constraint) {
        this._report.about(
          'warning',
          item,
          trans.__(
            'conda-lock chooses the version of pip itself where there is a section “pip:”; this one has no effect.'
          )
        );
      }
    }
  }

  private _section(map: YAMLMap): void {
    const { trans } = this._report;
    for (const pair of map.items) {
      const key = keyOf(pair.key);
      if (key !== 'pip') {
        this._report.about(
          'error',
          pair.key,
          trans.__(
            '“%1:” does not belong here: the only section among the packages is “pip:”.',
            key
          )
        );
      } else if (!isSeq(pair.value)) {
        this._report.about(
          'error',
          pair,
          trans.__(
            'The section “pip:” must be a list: one item per line, each after “- ”.'
          )
        );
      } else {
        pair.value.items.forEach(item => this._requirement(item));
      }
    }
  }

  private _requirement(item: unknown): void {
    const { trans } = this._report;
    const text = isScalar(item) ? item.value : undefined;
    const error = (message: string) =>
      this._report.about('error', item, message);
    if (typeof text === 'string' && hasCredentials(text)) {
      this._report.password(item);
    } else if (typeof text !== 'string' || !isPipArgument(text)) {
      error(
        trans.__(
          '“%1” is not for pip: write name, name==1.2 or name @ address.',
          String(text ?? '')
        )
      );
    } else if (text.startsWith('--')) {
      error(
        trans.__(
          'An environment with other package indexes can never be locked: remove this line, and all packages come from PyPI.'
        )
      );
    } else {
      const address = addressOf(text);
      if (address !== null && !isLockableAddress(address)) {
        error(
          trans.__(
            'conda-lock takes only addresses that begin with https:// or git+https://.'
          )
        );
      }
      this._once(item, requirementName(text), this._requirements);
      if (hasPythonMarker(text)) {
        this._report.about(
          'warning',
          item,
          trans.__(
            'conda-lock ignores this condition: the package is installed for every Python.'
          )
        );
      }
    }
  }

  /** Report a name that is listed above already. */
  private _once(item: unknown, name: string, seen: Set<string>): void {
    const { trans } = this._report;
    if (seen.has(name)) {
      this._report.about(
        'warning',
        item,
        trans.__(
          '%1 is listed more than once: only this last line counts.',
          name
        )
      );
    }
    seen.add(name);
  }

  private readonly _packages = new Set<string>();
  private readonly _requirements = new Set<string>();
}
