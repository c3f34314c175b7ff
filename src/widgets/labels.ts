/** States, times, sizes and changes in words. */

import { Time } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IRowState } from '../model';
import { dateOf } from '../model';
import type { BuildStatus, IBuild, IChanges, IEnvironment } from '../tokens';
import { useTrans } from '../translation';

/** The kinds of change that a package may have from one build to another. */
export type ChangeKind =
  'added' | 'removed' | 'upgraded' | 'downgraded' | 'rebuilt';

/** States, times and changes in words. */
export class Labels {
  constructor(protected readonly trans: TranslationBundle) {}

  /** A row's state in a word or two. */
  state(state: IRowState): string {
    switch (state.kind) {
      case 'absent':
        return this.trans.__('not downloaded');
      case 'waiting':
        return this.trans.__('starting…');
      case 'downloading':
        return this._step(state);
      case 'ready':
        return this.trans.__('ready');
      case 'removing':
        return this.trans.__('removing…');
      case 'error':
        return this.trans.__('download failed');
      case 'failed':
        return this.trans.__('build failed');
      case 'queued':
        return this.trans.__('queued');
      case 'building':
        return this.trans.__('building…');
      case 'canceled':
        return this.trans.__('build cancelled');
      case 'no-archive':
        return this.trans.__('no archive');
      case 'unbuilt':
        return this.trans.__('not built');
    }
  }

  /** Return the step of a running download. */
  private _step(state: IRowState): string {
    switch (state.step) {
      case 'prefix':
        return this.trans.__('preparing…');
      case 'publish':
      case 'register':
        return this.trans.__('registering…');
      case 'extract':
        return state.fraction === null
          ? this.trans.__('downloading…')
          : this.trans.__('downloading %1 %', percent(state.fraction));
      default:
        return this.trans.__('connecting…');
    }
  }

  /** Say what is fetched instead of the archive, where packages are here already. */
  private _instead(state: IRowState): string {
    const { bytes_total: total, bytes_saved: saved } = state.copy ?? {};
    return saved && saved > 0 && typeof total === 'number'
      ? this.trans.__('%1 instead of %2', bytes(total), bytes(total + saved))
      : '';
  }

  /** Explain a state for someone who sees it for the first time; empty when the word says it. */
  hint(state: IRowState): string {
    switch (state.kind) {
      case 'absent':
        return this.trans.__('Launching downloads it to this machine first.');
      case 'ready':
        return this.trans.__('It is on this machine and starts at once.');
      case 'no-archive':
        return this.trans.__(
          'The server has no archive of this build to download.'
        );
      case 'unbuilt':
        return this.trans.__('The server has not built it yet.');
      case 'downloading':
        return this._instead(state);
      default:
        return '';
    }
  }

  /** A newer build that is under way beside the active one; empty when there is none. */
  running(environment: IEnvironment, state: IRowState): string {
    const { running_build_id, running_status } = environment;
    const isState = state.kind === 'queued' || state.kind === 'building';
    if (running_build_id === null || isState) {
      return '';
    }
    return running_status === 'QUEUED'
      ? this.trans.__('build %1 queued', running_build_id)
      : this.trans.__('build %1 building', running_build_id);
  }

  /** Since when a build waits or runs; empty when that is not known. */
  waiting(build: IBuild | undefined): string {
    if (build?.status === 'QUEUED' && build.scheduled_on) {
      return this.trans.__('waiting since %1', ago(dateOf(build.scheduled_on)));
    }
    return build?.status === 'BUILDING' && build.started_on
      ? this.trans.__('started %1', ago(dateOf(build.started_on)))
      : '';
  }

  /** A build's own status in a word. */
  status(status: BuildStatus): string {
    switch (status) {
      case 'QUEUED':
        return this.trans.__('queued');
      case 'BUILDING':
        return this.trans.__('building…');
      case 'COMPLETED':
        return this.trans.__('completed');
      case 'FAILED':
        return this.trans.__('failed');
      case 'CANCELED':
        return this.trans.__('cancelled');
    }
  }

  /** Count the packages that changed in each way. */
  changes(changes: IChanges): string {
    const { added, removed, upgraded, downgraded, rebuilt } = changes;
    const parts = [
      added.length ? this.trans.__('%1 added', added.length) : '',
      removed.length ? this.trans.__('%1 removed', removed.length) : '',
      upgraded.length ? this.trans.__('%1 upgraded', upgraded.length) : '',
      downgraded.length
        ? this.trans.__('%1 downgraded', downgraded.length)
        : '',
      rebuilt.length ? this.trans.__('%1 rebuilt', rebuilt.length) : ''
    ].filter(part => part);
    return parts.length
      ? parts.join(', ')
      : this.trans.__('No package changes');
  }

  /** Return the words for the change of a package. */
  changeKind(kind: ChangeKind): string {
    switch (kind) {
      case 'added':
        return this.trans.__('added');
      case 'removed':
        return this.trans.__('removed');
      case 'upgraded':
        return this.trans.__('upgraded');
      case 'downgraded':
        return this.trans.__('downgraded');
      case 'rebuilt':
        return this.trans.__('rebuilt');
    }
  }
}

/** The words for a component. */
export function useLabels(): Labels {
  return new Labels(useTrans());
}

/** A fraction as whole per cent; 100 only when nothing is missing. */
export function percent(fraction: number): number {
  return Math.floor(fraction * 100);
}

/** The last thing that happened to a build, as a date. */
export function buildDate(build: IBuild): Date | null {
  const time = build.ended_on ?? build.started_on ?? build.scheduled_on;
  return time ? dateOf(time) : null;
}

/** Return in words how long ago a date was. */
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
