/** The connection that follows from server and list, in a word and in a sentence. */

import type { IErrorInfo } from '../../tokens';
import type { Listing } from './listing';
import type { Server } from '../server';

/** Errors that mean that a server is away, not that it said no. */
const AWAY = ['server_unreachable', 'server_timeout', 'jupyter_unreachable'];

/** The state of the connection, as the panel shows it. */
export type Connection =
  /** Nobody has asked yet. */
  | 'unknown'
  | 'connected'
  /** There is a server, and it does not answer. */
  | 'disconnected'
  /** No server is configured and no local one runs. */
  | 'unconfigured'
  /** The server, or this extension's own part, answers with an error. */
  | 'broken';

/** The state of the connection. */
export function connectionOf(server: Server, listing: Listing): Connection {
  const error = server.error ?? (server.usable ? listing.error : null);
  if (error) {
    return AWAY.includes(error.code) ? 'disconnected' : 'broken';
  }
  if (!server.status) {
    return 'unknown';
  }
  if (server.url === null) {
    return 'unconfigured';
  }
  return server.usable ? 'connected' : 'disconnected';
}

/** The sentence to show when it is not `connected`. */
export function problemOf(server: Server, listing: Listing): IErrorInfo | null {
  const { error, status } = server;
  const refused = status?.reachable === false ? status.error : null;
  return error ?? refused ?? listing.error;
}

/** Tell whether there is no server, or none that was ever heard of. */
export function withoutServer(server: Server, listing: Listing): boolean {
  const connection = connectionOf(server, listing);
  const lost = connection === 'disconnected' || connection === 'broken';
  return connection === 'unconfigured' || (lost && listing.count === null);
}
