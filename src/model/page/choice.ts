/** The parts that somebody chose to see on an environment's page. */

import type { IBuild } from '../../tokens';
import type { IPair } from './changes';
import { defaultPair } from './changes';
import type { Section } from './sections';

/** The section that is shown, and the builds in it: the chosen ones, or those that suggest themselves. */
export class Choice {
  /** The section that is shown. */
  get section(): Section {
    return this._section;
  }

  /**
   * The build whose packages, specification or log is shown.
   *
   * @param builds - The environment's builds, newest first.
   * @param active - The active one among them; null when there is none.
   */
  buildId(builds: ReadonlyArray<IBuild>, active: number | null): number | null {
    const newest = builds[0]?.id ?? null;
    const suggested = this._section === 'log' ? newest : (active ?? newest);
    return this._buildId ?? suggested;
  }

  /** The builds that are compared; takes what `buildId` does. */
  pair(builds: ReadonlyArray<IBuild>, active: number | null): IPair {
    return this._pair ?? defaultPair(builds, active);
  }

  /** Choose a section, and in it a build if one is named. */
  show(section: Section, buildId: number | null): void {
    this._section = section;
    this._buildId = buildId ?? this._buildId;
  }

  /** Choose the builds to compare. */
  compare(pair: IPair): void {
    this._pair = pair;
  }

  /** Choose no longer a build that will be deleted. */
  forget(buildId: number): void {
    if (this._buildId === buildId) {
      this._buildId = null;
    }
  }

  private _section: Section = 'builds';
  private _buildId: number | null = null;
  private _pair: IPair | null = null;
}
