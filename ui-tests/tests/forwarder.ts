/** A port that leads to the conda-store, or to nothing: what the network does to people. */

import { readFileSync } from 'fs';
import * as net from 'net';
import { join } from 'path';
import { PLACES } from './servers';

/** Forwards a port to the conda-store while it is up. */
export class Forwarder {
  /** Start to forward. */
  async up(): Promise<void> {
    const file = readFileSync(join(PLACES.folder, 'connection.json'), 'utf8');
    const { hostname, port } = new URL(JSON.parse(file).url);
    const server = net.createServer(near => {
      const far = net.connect(Number(port || 80), hostname);
      for (const [socket, other] of [
        [near, far],
        [far, near]
      ]) {
        this._sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this._sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    this._server = server;
    await new Promise<void>(resolve => {
      server.listen(PLACES.ports.forwarded, '127.0.0.1', resolve);
    });
  }

  /** Cut every connection and refuse new ones. */
  async down(): Promise<void> {
    const server = this._server;
    this._server = null;
    this._sockets.forEach(socket => socket.destroy());
    if (server) {
      await new Promise(resolve => server.close(resolve));
    }
  }

  private _server: net.Server | null = null;
  private readonly _sockets = new Set<net.Socket>();
}
