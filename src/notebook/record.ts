/** What a notebook's metadata says of the build that it ran on. */

import type { INotebookRecord } from '../tokens';

/** The key in a notebook's metadata. */
export const METADATA = 'conda_store';

/** The record in a notebook's metadata; null where there is none that makes sense. */
export function readRecord(said: unknown): INotebookRecord | null {
  if (typeof said !== 'object' || said === null) {
    return null;
  }
  const { kernel, server, namespace, environment, build_id, ...more } =
    said as Record<string, unknown>;
  const texts = [server, namespace, environment];
  if (
    !texts.every(text => typeof text === 'string' && text) ||
    !Number.isInteger(build_id)
  ) {
    return null;
  }
  return {
    kernel: text(kernel) ?? '',
    server: server as string,
    namespace: namespace as string,
    environment: environment as string,
    build_id: build_id as number,
    lockfile: text(more.lockfile),
    platform: text(more.platform)
  };
}

/** Whether two records say the same. */
export function sameRecord(
  one: INotebookRecord | null,
  other: INotebookRecord | null
): boolean {
  const keys = ['kernel', 'server', 'namespace', 'environment'] as const;
  return (
    one?.build_id === other?.build_id &&
    one?.lockfile === other?.lockfile &&
    keys.every(key => one?.[key] === other?.[key])
  );
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
