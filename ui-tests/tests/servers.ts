/** Where `serve.py` serves what. */

import { tmpdir } from 'os';
import { join } from 'path';

/** The Jupyter servers: connected to the store, to none, and to the forwarded port. */
export const ADDRESSES = {
  store: 'http://127.0.0.1:8901',
  bare: 'http://127.0.0.1:8902',
  cut: 'http://127.0.0.1:8903'
};

/** The port where the `cut` server looks for the conda-store. */
export const FORWARDED_PORT = 8913;

/** The token of the Jupyter servers. */
export const TOKEN = 'browser-tests';

/** Where the servers keep everything. */
export const FOLDER =
  process.env.CONDA_STORE_UI_FOLDER ?? join(tmpdir(), 'conda-store-labext-ui');
