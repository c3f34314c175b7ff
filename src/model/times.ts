/** Times as the server gives them. */

/** A naive time, read as UTC. */
export function dateOf(time: string): Date {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(time);
  return new Date(zoned ? time : `${time}Z`);
}
