/** The Jupyter server's events that the panel listens to. */

import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { ILocalCopy, ILocalStoreStatus } from '../../tokens';
import type { Copies } from '../copies';
import type { Server } from '../server';

/** The schema of the events that tell of local copies. */
export const COPY_EVENT = 'https://events.jupyter.org/conda_store_labext/copy';

/** The schema of the events that tell of the embedded conda-store. */
export const LOCAL_STORE_EVENT =
  'https://events.jupyter.org/conda_store_labext/local_store';

/** Take in what an event tells of a copy or of the embedded conda-store. */
export function applyEvent(
  event: ReadonlyJSONObject,
  copies: Copies,
  server: Server
): void {
  const { schema_id, ...data } = event;
  if (schema_id === COPY_EVENT) {
    copies.apply(data as unknown as ILocalCopy);
  } else if (schema_id === LOCAL_STORE_EVENT) {
    server.apply(data as unknown as ILocalStoreStatus);
  }
}
