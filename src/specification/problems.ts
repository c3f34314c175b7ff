/** What is wrong with a specification's text, by the schema that conda-store checks it with. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { Pair, YAMLError, YAMLMap, YAMLSeq } from 'yaml';
import { isMap, isScalar, isSeq } from 'yaml';
import { KNOWN_KEYS, keyOf, parse, rootOf } from './document';
import { isMatchSpec, isPipArgument, packageName } from './matchspec';
import type { IProblem, Severity } from './report';
import { Report } from './report';

/** What conda-store allows in a name. */
export const NAME_PATTERN = /^[A-Za-z0-9\-+_@$&?^~.=]+$/;

/** Everything that is wrong, as it stands in the text. */
export function problemsOf(text: string, trans: TranslationBundle): IProblem[] {
  return new Checker(text, trans).check();
}

/** Goes through one text once. */
class Checker {
  constructor(
    private readonly _text: string,
    private readonly _trans: TranslationBundle
  ) {
    this._report = new Report(_text);
  }

  check(): IProblem[] {
    const trans = this._trans;
    const doc = parse(this._text);
    // One slip in a line draws others after it.
    const lines = new Set<number>();
    for (const error of doc.errors) {
      const line = this._report.lineOf(error.pos[0]);
      if (!lines.has(line)) {
        lines.add(line);
        this._syntax(error);
      }
    }
    const map = rootOf(doc);
    if (!doc.errors.length && !map) {
      this._add(
        'error',
        doc.contents,
        trans.__('A specification consists of keys such as "name:".')
      );
    } else if (map && !doc.errors.length) {
      this._name(map);
      this._description(map);
      this._channels(map);
      this._dependencies(map);
      this._variables(map);
      this._prefix(map);
      this._unknown(map);
    }
    return this._report.problems;
  }

  private _syntax(error: YAMLError): void {
    const trans = this._trans;
    const [from, to] = error.pos;
    const said: Record<string, string> = {
      DUPLICATE_KEY: trans.__('This key stands here a second time.'),
      TAB_AS_INDENT: trans.__('YAML is indented with spaces, not with tabs.'),
      MULTIPLE_DOCS: trans.__('Only one document can be built: remove "---".'),
      BAD_INDENT: trans.__('This line is indented differently from its list.'),
      UNEXPECTED_TOKEN: trans.__('This is out of place here.'),
      MISSING_CHAR: trans.__('A colon, quote or bracket is missing here.'),
      BLOCK_AS_IMPLICIT_KEY: trans.__(
        'This line is indented too far, or the one above has a colon too many.'
      )
    };
    const message =
      said[error.code] ?? trans.__('This is not YAML: %1', error.message);
    this._report.at('error', from, Math.max(to, from + 1), message);
  }

  private _name(map: YAMLMap): void {
    const trans = this._trans;
    const pair = pairOf(map, 'name');
    if (!pair) {
      this._add('error', null, trans.__('The key "name" is missing.'));
      return;
    }
    const value = valueOf(pair);
    if (value === null || value === '') {
      this._add('error', pair, trans.__('The environment needs a name.'));
    } else if (typeof value !== 'string') {
      this._add('error', pair.value, this._notText('name'));
    } else if (!NAME_PATTERN.test(value)) {
      this._add(
        'error',
        pair.value,
        trans.__(
          'A name consists of letters without accents, digits and - + _ @ $ & ? ^ ~ . = alone.'
        )
      );
    }
  }

  private _description(map: YAMLMap): void {
    const pair = pairOf(map, 'description');
    const value = pair && valueOf(pair);
    if (pair && value !== null && typeof value !== 'string') {
      this._add('error', pair.value, this._notText('description'));
    }
  }

  private _channels(map: YAMLMap): void {
    const trans = this._trans;
    const list = this._list(map, 'channels');
    if (list && !list.items.length) {
      this._add(
        'info',
        pairOf(map, 'channels'),
        trans.__('Without a channel, the server’s default channels are used.')
      );
    }
    list?.items.forEach(item => {
      if (!isScalar(item) || typeof item.value !== 'string' || !item.value) {
        this._add(
          'error',
          item,
          trans.__('A channel is a name such as conda-forge, or an address.')
        );
      }
    });
  }

  private _dependencies(map: YAMLMap): void {
    const trans = this._trans;
    if (!map.has('dependencies')) {
      this._add('warning', null, trans.__('No packages are listed.'));
      return;
    }
    const list = this._list(map, 'dependencies');
    if (list && !list.items.length) {
      const pair = pairOf(map, 'dependencies');
      this._add('warning', pair, trans.__('No packages are listed.'));
    }
    const seen = new Set<string>();
    list?.items.forEach(item => {
      if (isMap(item)) {
        this._pip(item, seen);
      } else {
        this._package(item, seen);
      }
    });
    const pip = list?.items.find(item => isMap(item) && item.has('pip'));
    if (pip && !seen.has('pip')) {
      this._add(
        'warning',
        pairOf(pip as YAMLMap, 'pip')?.key,
        trans.__('List pip itself as a package too, so that conda installs it.')
      );
    }
  }

  private _package(item: unknown, seen: Set<string>): void {
    const trans = this._trans;
    const text = isScalar(item) ? item.value : undefined;
    if (text === null || text === '') {
      this._add('error', item, trans.__('This line of the list is empty.'));
    } else if (typeof text !== 'string') {
      this._add(
        'error',
        item,
        trans.__('A package is a text such as numpy>=2, in quotes if need be.')
      );
    } else if (!isMatchSpec(text)) {
      this._add(
        'error',
        item,
        trans.__(
          '“%1” is not a package for conda: write it like numpy, numpy=2.1 or numpy>=2,<3.',
          text
        )
      );
    } else {
      const name = packageName(text);
      if (seen.has(name)) {
        const message = trans.__('%1 is listed more than once.', name);
        this._add('warning', item, message);
      }
      seen.add(name);
    }
  }

  private _pip(map: YAMLMap, _seen: Set<string>): void {
    const trans = this._trans;
    for (const pair of map.items) {
      const key = keyOf(pair.key);
      if (key !== 'pip') {
        this._add(
          'error',
          pair.key,
          trans.__(
            '“%1:” does not belong here: the only section among the packages is “pip:”.',
            key
          )
        );
        continue;
      }
      if (!isSeq(pair.value)) {
        this._add(
          'error',
          pair,
          trans.__('The section “pip:” has to be a list, each line after “- ”.')
        );
        continue;
      }
      for (const item of pair.value.items) {
        const text = isScalar(item) ? item.value : undefined;
        if (typeof text !== 'string' || !isPipArgument(text)) {
          this._add(
            'error',
            item,
            trans.__(
              '“%1” is not for pip: write name, name==1.2, name @ address or --extra-index-url address.',
              String(text ?? '')
            )
          );
        }
      }
    }
  }

  private _variables(map: YAMLMap): void {
    const trans = this._trans;
    const pair = pairOf(map, 'variables');
    if (!pair || valueOf(pair) === null) {
      return;
    }
    if (!isMap(pair.value)) {
      this._add(
        'error',
        pair,
        trans.__('Variables are written as “NAME: value”, each on a line.')
      );
      return;
    }
    for (const variable of pair.value.items) {
      const value = valueOf(variable as Pair);
      const whole = typeof value === 'number' && Number.isInteger(value);
      if (typeof value !== 'string' && !whole) {
        this._add(
          'error',
          (variable as Pair).value ?? variable,
          trans.__('A variable is a text or a whole number: put it in quotes.')
        );
      }
    }
  }

  private _prefix(map: YAMLMap): void {
    const pair = pairOf(map, 'prefix');
    const value = pair && valueOf(pair);
    if (pair && value !== null && typeof value !== 'string') {
      this._add('error', pair.value, this._notText('prefix'));
    } else if (pair && value !== null) {
      this._add(
        'info',
        pair.key,
        this._trans.__(
          'conda-store decides where the environment lies; “prefix” has no effect.'
        )
      );
    }
  }

  private _unknown(map: YAMLMap): void {
    for (const { key } of map.items) {
      if (!KNOWN_KEYS.includes(keyOf(key))) {
        this._add(
          'info',
          key,
          this._trans.__(
            'conda-store does not know “%1”: it has no effect.',
            keyOf(key)
          )
        );
      }
    }
  }

  /** The list below a key; null, and a problem if it is something else, when there is none. */
  private _list(map: YAMLMap, key: string): YAMLSeq | null {
    const pair = pairOf(map, key);
    if (!pair || isSeq(pair.value)) {
      return (pair?.value as YAMLSeq | undefined) ?? null;
    }
    this._add(
      'error',
      pair,
      this._trans.__('“%1” has to be a list, each line after “- ”.', key)
    );
    return null;
  }

  private _notText(key: string): string {
    return this._trans.__('“%1” has to be a text: put it in quotes.', key);
  }

  private _add(severity: Severity, where: unknown, message: string): void {
    this._report.about(severity, where, message);
  }

  private readonly _report: Report;
}

/** The pair of a key. */
function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find(pair => keyOf(pair.key) === key) as Pair | undefined;
}

/** The plain value of a pair; undefined for what is no scalar. */
function valueOf(pair: Pair): unknown {
  if (pair.value === null) {
    return null;
  }
  return isScalar(pair.value) ? pair.value.value : undefined;
}

/** What is wrong besides when an environment that exists is given another name; null when it is not. */
export function renamingProblem(
  text: string,
  environment: string,
  trans: TranslationBundle
): IProblem | null {
  const map = rootOf(parse(text));
  const pair = map && pairOf(map, 'name');
  if (!pair || valueOf(pair) === environment || !valueOf(pair)) {
    return null;
  }
  const report = new Report(text);
  report.about(
    'error',
    pair.value,
    trans.__(
      'The name has to stay “%1”; clone the environment to give it another one.',
      environment
    )
  );
  return report.problems[0];
}
