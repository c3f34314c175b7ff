/** The problems of a specification's text, by the schema that conda-store checks it with. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { YAMLError, YAMLMap } from 'yaml';
import { isScalar } from 'yaml';
import { hasCredentials } from './addresses';
import { checkCondition } from './condition';
import { checkDependencies, checkList } from './dependencies';
import { KNOWN_KEYS, keyOf, pairOf, parse, rootOf, valueOf } from './document';
import type { IProblem, Severity } from './report';
import { Report } from './report';
import { checkVariables } from './variables';

/** The pattern of the names that conda-store allows. */
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
    this._report = new Report(_text, _trans);
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
      checkDependencies(map, this._report);
      checkVariables(map, this._report);
      checkCondition(map, this._report);
      this._prefix(map);
      this._unknown(map);
    }
    return this._report.problems;
  }

  private _syntax(error: YAMLError): void {
    const trans = this._trans;
    const [from, to] = error.pos;
    const messages: Record<string, string> = {
      DUPLICATE_KEY: trans.__('This key is here a second time.'),
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
      messages[error.code] ?? trans.__('This is not YAML: %1', error.message);
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
          'A name may only have letters without accents, digits and - + _ @ $ & ? ^ ~ . =.'
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
    const list = checkList(map, 'channels', this._report);
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
      } else if (hasCredentials(item.value)) {
        this._report.password(item);
      }
    });
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

  private _notText(key: string): string {
    return this._trans.__('“%1” must be text: put it in quotes.', key);
  }

  private _add(severity: Severity, where: unknown, message: string): void {
    this._report.about(severity, where, message);
  }

  private readonly _report: Report;
}

/** Return the problem besides when an environment that exists is given another name; null when it is not. */
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
  const report = new Report(text, trans);
  report.about(
    'error',
    pair.value,
    trans.__(
      'The name must stay “%1”; clone the environment to give it another one.',
      environment
    )
  );
  return report.problems[0];
}
