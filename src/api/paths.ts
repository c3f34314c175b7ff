/** The paths of routes below `conda-store/`, and their queries. */

import type { ArtifactKind } from './nouns';

/** The number of each that is requested at a time. */
export const SIZES = { environments: 50, packages: 100, builds: 20 };

/** The path of one environment. */
export function environmentPath(namespace: string, name: string): string {
  const parts = [namespace, name].map(encodeURIComponent);
  return ['environments', ...parts].join('/');
}

/** The path of a build's artifact. */
export function artifactPath(id: number, kind: ArtifactKind): string {
  return `builds/${id}/artifacts/${kind}`;
}

/** A query string of what is not empty. */
export function query(params: Record<string, string | number>): string {
  const chosen = Object.entries(params).filter(([, value]) => value !== '');
  return String(
    new URLSearchParams(chosen.map(([key, value]) => [key, String(value)]))
  );
}
