/** The namespaces in which the user may create environments. */

import type { IApi } from '../../api';
import type { INamespace, IPermissions } from '../../tokens';

/** The namespaces and permissions as last heard; null before the first answer. */
export class Rights {
  constructor(
    private readonly _api: Pick<
      IApi,
      'createNamespace' | 'namespaces' | 'permissions'
    >
  ) {}

  /** The namespaces that may be seen. */
  namespaces: ReadonlyArray<INamespace> | null = null;

  /** The other permissions of the user. */
  permissions: IPermissions | null = null;

  /** The namespaces in which the user may create environments. */
  get writable(): ReadonlyArray<string> {
    return (this.namespaces ?? [])
      .filter(({ may }) => may.includes('create_environment'))
      .map(({ name }) => name);
  }

  /** Tell whether the user may create environments in a namespace, with an empty name in any; null while unknown. */
  mayCreate(namespace: string): boolean | null {
    const { namespaces, writable } = this;
    return (
      namespaces &&
      (namespace ? writable.includes(namespace) : writable.length > 0)
    );
  }

  /** The preferred namespace if it may be written to; else the user's own, or any other, or none. */
  choose(preferred: string): string {
    const own = this.permissions?.primary_namespace ?? '';
    const { writable } = this;
    return (
      [preferred, own].find(name => writable.includes(name)) ??
      writable[0] ??
      ''
    );
  }

  /** Ask the server. */
  async load(): Promise<void> {
    const [namespaces, permissions] = await Promise.all([
      this._api.namespaces(''),
      this._api.permissions()
    ]);
    this.namespaces = namespaces;
    this.permissions = permissions;
  }

  /** Create a namespace. */
  async create(name: string): Promise<void> {
    await this._api.createNamespace(name);
    await this.load();
  }
}
