/**
 * The content of a line of `dependencies`: a conda match specification, or a requirement for pip.
 *
 * The form reads them at every keystroke, so that the server cannot be asked; `tests/specifications/matchspecs.json`
 * holds this reader and that of the server together.
 */

/** A match specification in two parts, as the form shows it. */
export interface IMatchSpec {
  /** The package, with its channel if one is named: `conda-forge::numpy`. */
  readonly name: string;
  /** All that follows, as it is written: `>=1.2`, `=1.2=py310_0`, `[version=…]`. */
  readonly constraint: string;
}

/** A channel with an optional subdir or namespace, two colons, and the package's name. */
const NAME = /^\s*((?:[^\s[\]=<>!~]*::)?[^\s[\]=<>!~:,|]*)\s*/;

const VERSION = '[A-Za-z0-9_.*+!^$-]+';
const TERM = `(?:(?:===?|!=|~=|>=|<=|=|>|<)\\s*)?${VERSION}`;
const BUILD = '[A-Za-z0-9_.*+^$-]+';
const CONSTRAINT = new RegExp(
  `^${TERM}(?:\\s*[,|]\\s*${TERM})*(?:\\s*=\\s*${BUILD}|\\s+${BUILD})?$`
);

const PIP_NAME =
  '[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\\s*(?:\\[[^\\]]*\\])?';
const PIP_TERM = '(?:===|==|~=|!=|<=|>=|<|>)\\s*[A-Za-z0-9_.*+!-]+';
const PIP_TERMS = `${PIP_TERM}(?:\\s*,\\s*${PIP_TERM})*`;
const REQUIREMENT = new RegExp(
  `^${PIP_NAME}\\s*(?:@\\s*\\S+(?:\\s+;.*)?|(?:${PIP_TERMS}|\\(${PIP_TERMS}\\))?\\s*(?:;.*)?)$`
);

/** The options that conda-store lets through to pip. */
export const PIP_OPTIONS = [
  '--index-url',
  '--extra-index-url',
  '--trusted-host'
];

/** Take a match specification apart; both parts together say the same again. */
export function splitMatchSpec(text: string): IMatchSpec {
  const [whole, name] = NAME.exec(text)!;
  return { name, constraint: text.slice(whole.length).trim() };
}

/** Put a match specification together; a bare version is taken for that version: `=1.2`. */
export function joinMatchSpec(spec: IMatchSpec): string {
  const name = spec.name.trim();
  const constraint = spec.constraint.trim();
  if (!constraint) {
    return name;
  }
  if (/^[=<>!~[]/.test(constraint)) {
    return name + constraint;
  }
  return /\s/.test(constraint)
    ? `${name} ${constraint}`
    : `${name}=${constraint}`;
}

/** The package's name alone, in lower case: without channel, version and build. */
export function packageName(text: string): string {
  const { name } = splitMatchSpec(text);
  return name.slice(name.lastIndexOf(':') + 1).toLowerCase();
}

/** The name of what pip is to install, as the index compares names; empty for an option. */
export function requirementName(text: string): string {
  const name = /^\s*([A-Za-z0-9._-]*)/.exec(text)![1];
  return name.startsWith('-') ? '' : name.toLowerCase().replace(/[._]/g, '-');
}

/** Tell whether conda can read a match specification. Say no only to text that is plainly none. */
export function isMatchSpec(text: string): boolean {
  const spec = text.trim();
  if (/:\/\//.test(spec) || /\.(conda|tar\.bz2)$/.test(spec)) {
    return true;
  }
  const { name, constraint } = splitMatchSpec(spec);
  const bare = name.slice(name.lastIndexOf(':') + 1);
  if (!/^[A-Za-z0-9_.*^$][A-Za-z0-9_.*^$-]*$/.test(bare)) {
    return false;
  }
  const bracket = /^([^[\]]*)(\[[^[\]]*(?:\[[^[\]]*\][^[\]]*)*\])?$/.exec(
    constraint
  );
  if (!bracket) {
    return false;
  }
  const plain = bracket[1].replace(/[()]/g, '').trim();
  return !plain || CONSTRAINT.test(plain);
}

/** The address of what pip is to install; null where an index has it. */
export function addressOf(text: string): string | null {
  const match = /^[^@;]*@\s*(\S+)/.exec(text);
  return match ? match[1] : null;
}

/** Tell whether a line for pip has a condition on more than the platform, which is all that conda-lock heeds. */
export function hasPythonMarker(text: string): boolean {
  const marker = addressOf(text) ? /\s;(.*)$/.exec(text) : /;(.*)$/.exec(text);
  const names = marker?.[1].replace(/"[^"]*"|'[^']*'/g, '') ?? '';
  return /python_|implementation|platform_(?!system)|\bextra\b/.test(names);
}

/** Tell whether conda-store takes a line for pip: a requirement with a name, or an option that it knows. */
export function isPipArgument(text: string): boolean {
  if (text.startsWith('--')) {
    const option = /^(.+?)[ =]/.exec(text);
    return !!option && PIP_OPTIONS.includes(option[1]);
  }
  return REQUIREMENT.test(text.trim());
}
