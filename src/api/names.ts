/** The names of environments and builds as people read them: `namespace/name`, `namespace/name #build`. */

/** An environment by itself, or that of a build or a copy. */
export type Named = { readonly namespace: string } & (
  { readonly name: string } | { readonly environment: string }
);

/** An environment's full name, `namespace/name`. */
export function fullName(named: Named): string {
  const name = 'name' in named ? named.name : named.environment;
  return `${named.namespace}/${name}`;
}

/** A build's name, `namespace/name #build`; without a build that of its environment. */
export function buildName(
  build: Named & { readonly build_id: number | null }
): string {
  return build.build_id === null
    ? fullName(build)
    : `${fullName(build)} #${build.build_id}`;
}

/** The parts of a full name that the extension has kept. */
export function splitName(full: string): { namespace: string; name: string } {
  const at = full.indexOf('/');
  return { namespace: full.slice(0, at), name: full.slice(at + 1) };
}

/** The parts of a full name that somebody has written; null for another text. */
export function parseName(
  text: string
): { namespace: string; name: string } | null {
  const match = /^([^/\s]+)\/([^/\s]+)$/.exec(text.trim());
  return match && { namespace: match[1], name: match[2] };
}
