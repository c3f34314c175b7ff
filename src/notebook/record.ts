/** The record in a notebook's metadata of the build that it ran on. */

import type { INotebookRecord } from '../tokens';

/** The key in a notebook's metadata. */
export const METADATA = 'conda_store';

/** The record in a notebook's metadata; null where there is none that makes sense. */
export function readRecord(metadata: unknown): INotebookRecord | null {
  if (typeof metadata !== 'object' || metadata === null) {
    return null;
  }
  const { kernel, server, namespace, environment, build_id, ...more } =
    metadata as Record<string, unknown>;
  const names = [server, namespace, environment];
  if (
    !names.every(name => typeof name === 'string' && name) ||
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
    platform: text(more.platform),
    additions: texts(more.additions)
  };
}

/** Tell whether two records say the same. */
export function sameRecord(
  record: INotebookRecord | null,
  other: INotebookRecord | null
): boolean {
  const keys = ['kernel', 'server', 'namespace', 'environment'] as const;
  return (
    record?.build_id === other?.build_id &&
    record?.lockfile === other?.lockfile &&
    record?.additions.join() === other?.additions.join() &&
    keys.every(key => record?.[key] === other?.[key])
  );
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function texts(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : [];
}
