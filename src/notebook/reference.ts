/** The names that people give a build, and the setting of folders. */

import type { IBuildReference } from '../tokens';

const SCHEME = /^conda-store:\/\/(?=\S)/i;

const REFERENCE = /^([^/:\s]+)\/([^/:\s]+)(?::(\d{1,15}))?$/;

/** The build that `namespace/environment` or `namespace/environment:build` stands for; null where it is neither. */
export function parseReference(text: string): IBuildReference | null {
  const match = REFERENCE.exec(text.trim());
  return (
    match && {
      namespace: match[1],
      environment: match[2],
      build_id: match[3] ? Number(match[3]) : null
    }
  );
}

/** The build that a kernel's name of the form `conda-store://namespace/environment:build` stands for. */
export function parseUri(name: string): IBuildReference | null {
  const build = SCHEME.test(name)
    ? parseReference(name.replace(SCHEME, ''))
    : null;
  return build?.build_id ? build : null;
}

/** Return the setting for a folder: the one of the nearest folder, from there upwards; '' for nothing. */
export function nearest(
  folders: Readonly<Record<string, string>>,
  folder: string
): string {
  const byFolder = new Map(
    Object.entries(folders).map(([path, text]) => [trimmed(path), text])
  );
  const parts = trimmed(folder).split('/');
  for (let depth = parts.length; depth >= 0; depth--) {
    const text = byFolder.get(parts.slice(0, depth).join('/'));
    if (text) {
      return text;
    }
  }
  return '';
}

/** A folder's path without slashes at its ends. */
function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

/** Names of nb_conda_kernels', of nb_conda_store_kernels' and of our own kernels. */
const KERNEL_NAME = /^conda-(env-|store-|store:)/i;

/** Tell whether a kernel's name is of a form that stands for an environment of conda-store, or for a build. */
export function isKernelName(name: string): boolean {
  return KERNEL_NAME.test(name);
}

/** The build that the name in a notebook's kernelspec stands for; null where it is no such name. */
export function buildOfKernelspec(kernelspec: unknown): IBuildReference | null {
  const { name } = (kernelspec ?? {}) as { name?: unknown };
  return typeof name === 'string' ? parseUri(name) : null;
}
