/** Builds, times and sections in words. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { IRowState, Section } from '../../model';
import { dateOf } from '../../model';
import type { ArtifactKind, IBuild, IBuildDetail } from '../../tokens';
import { ago, buildDate, stateLabel, statusLabel } from '../labels';

/** A section's name. */
export function sectionLabel(
  section: Section,
  trans: TranslationBundle
): string {
  switch (section) {
    case 'builds':
      return trans.__('Builds');
    case 'packages':
      return trans.__('Packages');
    case 'specification':
      return trans.__('Specification');
    case 'log':
      return trans.__('Log');
    case 'changes':
      return trans.__('Changes');
  }
}

/** A span of time in words, to the second below an hour: `3 min 20 s`. */
export function duration(
  milliseconds: number,
  trans: TranslationBundle
): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) {
    return trans.__('%1 s', seconds);
  }
  return minutes < 60
    ? trans.__('%1 min %2 s', minutes, seconds % 60)
    : trans.__('%1 h %2 min', Math.floor(minutes / 60), minutes % 60);
}

/** How long a build waited, has been running or ran; empty when nobody knows. */
export function durationLabel(
  build: IBuild,
  now: number,
  trans: TranslationBundle
): string {
  const since = (time: string) => now - dateOf(time).getTime();
  const { status, scheduled_on, started_on, ended_on } = build;
  if (status === 'QUEUED') {
    return scheduled_on
      ? trans.__('waiting for %1', duration(since(scheduled_on), trans))
      : '';
  }
  if (!started_on) {
    return '';
  }
  if (status === 'BUILDING') {
    return trans.__('for %1', duration(since(started_on), trans));
  }
  return ended_on
    ? trans.__('took %1', duration(since(started_on) - since(ended_on), trans))
    : '';
}

/** Where a build's local copy stands, in words that need no explaining. */
export function copyLabel(state: IRowState, trans: TranslationBundle): string {
  return state.kind === 'ready'
    ? trans.__('on this machine')
    : stateLabel(state, trans);
}

/** A build in a list of choices. */
export function buildChoice(
  build: IBuild,
  active: number | null,
  trans: TranslationBundle
): string {
  const date = buildDate(build);
  return [
    build.id === active
      ? trans.__('Build %1 (active)', build.id)
      : trans.__('Build %1', build.id),
    statusLabel(build.status, trans),
    date ? ago(date) : ''
  ]
    .filter(part => part)
    .join(' · ');
}

/** What can be saved of a build, by its name in conda-store. */
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

/** An artifact's name. */
export function artifactLabel(
  kind: ArtifactKind,
  trans: TranslationBundle
): string {
  switch (kind) {
    case 'archive':
      return trans.__('archive');
    case 'lockfile':
      return trans.__('lockfile');
    case 'yaml':
      return trans.__('YAML');
    case 'log':
      return trans.__('log');
  }
}
