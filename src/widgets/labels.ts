/** States, times and sizes in words. */

import { Time } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IRowState } from '../model';
import { dateOf } from '../model';
import type { BuildStatus, IBuild, IEnvironment } from '../tokens';

/** A row's state in a word or two. */
export function stateLabel(state: IRowState, trans: TranslationBundle): string {
  switch (state.kind) {
    case 'absent':
      return trans.__('not downloaded');
    case 'waiting':
      return trans.__('starting…');
    case 'downloading':
      return stepLabel(state, trans);
    case 'ready':
      return trans.__('ready');
    case 'removing':
      return trans.__('removing…');
    case 'error':
      return trans.__('download failed');
    case 'failed':
      return trans.__('build failed');
    case 'queued':
      return trans.__('queued');
    case 'building':
      return trans.__('building…');
    case 'canceled':
      return trans.__('build cancelled');
    case 'no-archive':
      return trans.__('no archive');
    case 'unbuilt':
      return trans.__('not built');
  }
}

/** What a running download does. */
function stepLabel(state: IRowState, trans: TranslationBundle): string {
  switch (state.step) {
    case 'prefix':
      return trans.__('preparing…');
    case 'publish':
    case 'register':
      return trans.__('registering…');
    case 'extract':
      return state.fraction === null
        ? trans.__('downloading…')
        : trans.__('downloading %1 %', percent(state.fraction));
    default:
      return trans.__('connecting…');
  }
}

/** A fraction as whole per cent; 100 only when nothing is missing. */
export function percent(fraction: number): number {
  return Math.floor(fraction * 100);
}

/** What a state means for someone who sees it for the first time; empty when the word says it. */
export function stateHint(state: IRowState, trans: TranslationBundle): string {
  switch (state.kind) {
    case 'absent':
      return trans.__('Launching downloads it to this machine first.');
    case 'ready':
      return trans.__('It is on this machine and starts at once.');
    case 'no-archive':
      return trans.__('The server has no archive of this build to download.');
    case 'unbuilt':
      return trans.__('The server has not built it yet.');
    default:
      return '';
  }
}

/** A newer build that is under way beside the active one; empty when there is none. */
export function runningLabel(
  environment: IEnvironment,
  state: IRowState,
  trans: TranslationBundle
): string {
  const { running_build_id, running_status } = environment;
  const told = state.kind === 'queued' || state.kind === 'building';
  if (running_build_id === null || told) {
    return '';
  }
  return running_status === 'QUEUED'
    ? trans.__('build %1 queued', running_build_id)
    : trans.__('build %1 building', running_build_id);
}

/** Since when a build waits or runs; empty when that is not known. */
export function waitingLabel(
  build: IBuild | undefined,
  trans: TranslationBundle
): string {
  if (build?.status === 'QUEUED' && build.scheduled_on) {
    return trans.__('waiting since %1', ago(dateOf(build.scheduled_on)));
  }
  return build?.status === 'BUILDING' && build.started_on
    ? trans.__('started %1', ago(dateOf(build.started_on)))
    : '';
}

/** A build's own status in a word. */
export function statusLabel(
  status: BuildStatus,
  trans: TranslationBundle
): string {
  switch (status) {
    case 'QUEUED':
      return trans.__('queued');
    case 'BUILDING':
      return trans.__('building…');
    case 'COMPLETED':
      return trans.__('completed');
    case 'FAILED':
      return trans.__('failed');
    case 'CANCELED':
      return trans.__('cancelled');
  }
}

/** The last thing that happened to a build, as a date. */
export function buildDate(build: IBuild): Date | null {
  const time = build.ended_on ?? build.started_on ?? build.scheduled_on;
  return time ? dateOf(time) : null;
}

/** How long ago a date was, in words. */
export function ago(date: Date): string {
  return Time.formatHuman(date, 'short');
}

/** A number of bytes in decimal units, kept on one line: `27 MB`. */
export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = size;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = value < 10 && unit > 0 ? 1 : 0;
  return `${value.toFixed(digits)}\u00a0${units[unit]}`;
}
