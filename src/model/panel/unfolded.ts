/** The builds of the environments that are unfolded. */

import type { IBuild, IEnvironment } from '../../tokens';
import type { BuildLists } from '../builds';
import { isInProgress } from '../builds';
import type { Folding } from './folding';

/** The environments, and where their builds and their folding are kept. */
interface IUnfoldable {
  readonly environments: ReadonlyArray<IEnvironment>;
  readonly builds: BuildLists;
  readonly folding: Folding;
}

/** Keeps what somebody unfolded up to date. */
export class UnfoldedBuilds {
  constructor(private readonly _panel: IUnfoldable) {}

  /** Tell whether one of them goes on. */
  get busy(): boolean {
    return this._rows.some(row => this._buildsOf(row).some(isInProgress));
  }

  /**
   * Fetch them again.
   *
   * @param everything - Whether to fetch those too of environments where nothing goes on.
   */
  async refresh(everything: boolean): Promise<void> {
    for (const row of this._rows) {
      const builds = this._buildsOf(row);
      const stale =
        builds.some(isInProgress) ||
        (row.running_build_id ?? 0) > (builds[0]?.id ?? 0);
      if (everything || stale) {
        await this._panel.builds.load(row.namespace, row.name);
      }
    }
  }

  private get _rows(): IEnvironment[] {
    const { environments, folding } = this._panel;
    return environments.filter(row => folding.isUnfolded(row));
  }

  private _buildsOf(row: IEnvironment): ReadonlyArray<IBuild> {
    return this._panel.builds.of(row.namespace, row.name).builds;
  }
}
