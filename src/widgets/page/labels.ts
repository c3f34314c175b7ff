/** Builds, times and sections in words. */

import type { IRowState, Section } from '../../model';
import { dateOf } from '../../model';
import type { ArtifactKind, IBuild, IBuildDetail } from '../../tokens';
import { ago, buildDate, Labels } from '../labels';
import { useTrans } from '../../translation';

/** Builds, times and sections in words. */
export class PageLabels extends Labels {
  /** A section's name. */
  section(section: Section): string {
    switch (section) {
      case 'builds':
        return this.trans.__('Builds');
      case 'packages':
        return this.trans.__('Packages');
      case 'specification':
        return this.trans.__('Specification');
      case 'log':
        return this.trans.__('Log');
      case 'changes':
        return this.trans.__('Changes');
    }
  }

  /** A span of time in words, to the second below an hour: `3 min 20 s`. */
  duration(milliseconds: number): string {
    const seconds = Math.max(0, Math.round(milliseconds / 1000));
    const minutes = Math.floor(seconds / 60);
    if (minutes === 0) {
      return this.trans.__('%1 s', seconds);
    }
    return minutes < 60
      ? this.trans.__('%1 min %2 s', minutes, seconds % 60)
      : this.trans.__('%1 h %2 min', Math.floor(minutes / 60), minutes % 60);
  }

  /** Return how long a build waited, has been running or ran; empty when nobody knows. */
  buildTime(build: IBuild, now: number): string {
    const since = (time: string) => now - dateOf(time).getTime();
    const { status, scheduled_on, started_on, ended_on } = build;
    if (status === 'QUEUED') {
      return scheduled_on
        ? this.trans.__('waiting for %1', this.duration(since(scheduled_on)))
        : '';
    }
    if (!started_on) {
      return '';
    }
    if (status === 'BUILDING') {
      return this.trans.__('for %1', this.duration(since(started_on)));
    }
    return ended_on
      ? this.trans.__(
          'took %1',
          this.duration(since(started_on) - since(ended_on))
        )
      : '';
  }

  /** Return the state of a build's local copy, in words that need no explaining. */
  copy(state: IRowState): string {
    return state.kind === 'ready'
      ? this.trans.__('on this machine')
      : this.state(state);
  }

  /** A build in a list of choices. */
  choice(build: IBuild, active: number | null): string {
    const date = buildDate(build);
    return [
      build.id === active
        ? this.trans.__('Build %1 (active)', build.id)
        : this.trans.__('Build %1', build.id),
      this.status(build.status),
      date ? ago(date) : ''
    ]
      .filter(part => part)
      .join(' · ');
  }

  /** An artifact's name. */
  artifact(kind: ArtifactKind): string {
    switch (kind) {
      case 'archive':
        return this.trans.__('archive');
      case 'lockfile':
        return this.trans.__('lockfile');
      case 'yaml':
        return this.trans.__('YAML');
      case 'log':
        return this.trans.__('log');
    }
  }
}

/** The words for a component. */
export function useLabels(): PageLabels {
  return new PageLabels(useTrans());
}

/** The artifacts of a build that can be saved, each with its name in conda-store. */
const KINDS: [ArtifactKind, string][] = [
  ['archive', 'CONDA_PACK'],
  ['lockfile', 'LOCKFILE'],
  ['yaml', 'YAML'],
  ['log', 'LOGS']
];

/** The artifacts of a build that can be saved. */
export function artifactsOf(detail: IBuildDetail | undefined): ArtifactKind[] {
  const has = detail?.artifacts ?? [];
  return KINDS.filter(([, name]) => has.includes(name)).map(([kind]) => kind);
}
