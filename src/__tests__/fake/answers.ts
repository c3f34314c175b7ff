/** The answers of a conda-store in memory. */

import type { CondaStoreError } from '../../api/request';
import type {
  IBuild,
  IBuildDetail,
  IBuildLog,
  IChanges,
  IConversion,
  IEnvironment,
  IFinding,
  ILocalCopy,
  INamespace,
  IPackage,
  IPermissions,
  IPreview,
  IStatus
} from '../../tokens';
import {
  build,
  detail,
  changes,
  environment,
  localCopy,
  status
} from './nouns';

/** Fields to answer from; `calls` tells what was asked; `gates` hold answers back. */
export class FakeAnswers {
  calls: string[] = [];
  answer: IStatus = status();
  rows: IEnvironment[] = [];
  buildRows: IBuild[] = [];
  details: Record<number, Partial<IBuildDetail>> = {};
  logs: Record<number, Partial<IBuildLog>> = {};
  packages: IPackage[] = [];
  specification =
    'name: data\nchannels:\n  - conda-forge\ndependencies:\n  - python\n';
  lockfile = false;
  changed: IChanges = changes();
  previewed: IPreview = { packages: [], changes: null, size: null };
  converted: IConversion = {
    name: 'data',
    specification: this.specification,
    is_lockfile: false,
    notes: []
  };
  namespaceList: INamespace[] = [
    {
      name: 'default',
      environments: 1,
      may: ['create_environment', 'delete']
    }
  ];
  permitted: IPermissions = {
    authenticated: true,
    primary_namespace: 'default',
    create_namespace: true,
    expires: null
  };
  /** The versions of the packages that the channels have, by name, newest first. */
  known: Record<string, string[]> = { python: ['3.13.0', '3.12.1'] };
  copies: ILocalCopy[] = [];
  /** The answer to POST copies. */
  started: ILocalCopy = localCopy();
  /** The error that the route of that name fails with. */
  failures: Record<string, CondaStoreError> = {};
  /** The promise that an answer waits for, by the call's text. */
  gates: Record<string, Promise<void>> = {};
  pageSize = 2;

  /** The answer to POST check. */
  findings: IFinding[] = [];

  protected _row(namespace: string, name: string): IEnvironment {
    const row = this.rows.find(
      row => row.namespace === namespace && row.name === name
    );
    return row ?? environment(name, { namespace });
  }

  protected _detail(id: number): IBuildDetail {
    const row =
      this.buildRows.find(({ id: other }) => other === id) ?? build(id);
    return { ...detail(row), ...this.details[id] };
  }

  protected async _called(route: string, ...args: unknown[]): Promise<void> {
    const call = [route, ...args].join(' ');
    this.calls.push(call);
    await this.gates[call];
    if (this.failures[route]) {
      throw this.failures[route];
    }
  }
}
