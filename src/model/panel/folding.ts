/** The namespaces that are folded, and the environments that show their builds. */

import { fullName } from '../../api/names';
import type { IEnvironment } from '../../tokens';

/** Namespaces start unfolded, environments folded. */
export class Folding {
  /**
   * @param changed - Called after every change.
   */
  constructor(private readonly _changed: () => void) {}

  /** The namespaces that are folded. */
  get foldedNamespaces(): string[] {
    return [...this._namespaces];
  }
  set foldedNamespaces(namespaces: string[]) {
    this._namespaces = new Set(namespaces);
    this._changed();
  }

  /** Tell whether a namespace hides its environments. */
  isFolded(namespace: string): boolean {
    return this._namespaces.has(namespace);
  }

  /** Fold or unfold a namespace. */
  toggleNamespace(namespace: string): void {
    if (!this._namespaces.delete(namespace)) {
      this._namespaces.add(namespace);
    }
    this._changed();
  }

  /**
   * Tell whether an environment shows its builds.
   *
   * @param section - Where it stands besides its namespace, if it is that place that is asked for.
   */
  isUnfolded(environment: IEnvironment, section?: string | null): boolean {
    return this._environments.has(keyOf(environment, section));
  }

  /** Show or hide the builds of an environment. */
  toggleEnvironment(environment: IEnvironment, section?: string | null): void {
    const key = keyOf(environment, section);
    if (!this._environments.delete(key)) {
      this._environments.add(key);
    }
    this._changed();
  }

  private _namespaces = new Set<string>();
  private readonly _environments = new Set<string>();
}

/** An environment's full name, and where it stands. */
function keyOf(environment: IEnvironment, section?: string | null): string {
  return `${section ?? ''}:${fullName(environment)}`;
}
