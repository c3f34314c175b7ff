/** Addresses: whether what is in them is a password, a token, or nothing that conda-lock can fetch. */

/** `user:password@`, or a token alone; `git@` over ssh is no secret. */
const USER =
  /(^|[^\w+.-])(?!(?:[\w.-]+\+)?ssh:)(?:[A-Za-z][\w+.-]*:)?\/\/[^/\s@]*@/i;
const SSH = /ssh:\/\/[^/\s@]*:[^/\s@]*@/i;
const TOKEN = /\/\/[^/\s]+\/t\/[^/\s]+/i;
const QUERY =
  /[?&;](?:[\w-]*(?:token|secret|passw(?:or)?d|signature|credential|api[_-]?key)[\w-]*|auth|sig|key)=[^&;#\s]/i;

/** Tell whether an address in the text has a password or a token. */
export function hasCredentials(text: string): boolean {
  return [USER, SSH, TOKEN, QUERY].some(pattern => pattern.test(text));
}

/** Tell whether conda-lock can fetch what stands behind the `@` of a line for pip. */
export function isLockableAddress(address: string): boolean {
  return /^(?:git\+https?|https):\/\//i.test(address.trim());
}
