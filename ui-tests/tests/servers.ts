/** The addresses of what `serve.py` serves: free ports and a folder, chosen once for all processes of a run. */

import { execFileSync } from 'child_process';
import { mkdtempSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

/** The servers, and the port at which the tests themselves forward to the conda-store. */
const NAMES = [
  'store',
  'bare',
  'cut',
  'expired',
  'viewer',
  'forwarded'
] as const;

interface IPlaces {
  /** The folder in which the servers keep everything. */
  folder: string;
  ports: Record<(typeof NAMES)[number], number>;
}

/** Set by who has servers running already, as printed by `serve.py`; otherwise by the first process. */
const VARIABLE = 'CONDA_STORE_LABEXT_UI';

/** True where the servers run already. */
export const RUNNING =
  VARIABLE in process.env && !process.env.TEST_WORKER_INDEX;

/** Ask for ports that are free, all at once so that they differ. */
function freePorts(count: number): number[] {
  const script = `
    const servers = Array.from({ length: ${count} }, () => require('net').createServer());
    Promise.all(servers.map(server => new Promise(done => {
      server.listen(0, '127.0.0.1', () => done(server.address().port));
    }))).then(ports => {
      console.log(JSON.stringify(ports));
      servers.forEach(server => server.close());
    });`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script]).toString());
}

function choose(): IPlaces {
  const ports = freePorts(NAMES.length);
  return {
    folder: mkdtempSync(join(tmpdir(), 'conda-store-labext-ui-')),
    ports: Object.fromEntries(
      NAMES.map((name, index) => [name, ports[index]])
    ) as IPlaces['ports']
  };
}

process.env[VARIABLE] ??= JSON.stringify(choose());

export const PLACES: IPlaces = JSON.parse(process.env[VARIABLE]!);

const address = (name: keyof IPlaces['ports']) =>
  `http://127.0.0.1:${PLACES.ports[name]}`;

/** The Jupyter servers: connected to the store, to none, to the forwarded port, with an unknown token, with a viewer's. */
export const ADDRESSES = {
  store: address('store'),
  bare: address('bare'),
  cut: address('cut'),
  expired: address('expired'),
  viewer: address('viewer')
};

/** The token of the Jupyter servers. */
export const TOKEN = 'browser-tests';
