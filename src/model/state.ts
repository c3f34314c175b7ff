/** The state that a row shows of an environment or of a build: one out of its build and its local copy. */

import type {
  BuildStatus,
  IBuild,
  IEnvironment,
  ILocalCopy,
  Step
} from '../tokens';
import { isActive } from './copies';

/** The states that a row can show. */
export type StateKind =
  /** It can be downloaded. */
  | 'absent'
  /** Its local copy was asked for and has not begun. */
  | 'waiting'
  /** Its local copy is in the making: see `step` and `fraction`. */
  | 'downloading'
  /** Its local copy is complete; `reason` says why it cannot be run all the same. */
  | 'ready'
  /** Its local copy is just being removed. */
  | 'removing'
  /** Its local copy could not be made: see `reason`. */
  | 'error'
  /** conda-store could not build it: see `reason`. */
  | 'failed'
  | 'queued'
  | 'building'
  | 'canceled'
  /** It was built, and has no archive to download (not yet, not any more, or switched off). */
  | 'no-archive'
  /** Nobody has built it yet. */
  | 'unbuilt';

/** A row's state. */
export interface IRowState {
  readonly kind: StateKind;
  /** The local copy, whatever its state. */
  readonly copy: ILocalCopy | null;
  readonly step: Step | null;
  /** The share of the archive that has come, 0 to 1; null when unknown. */
  readonly fraction: number | null;
  /** The reason why it failed, in words. */
  readonly reason: string | null;
  /** True if it can be launched now, the download included. */
  readonly launchable: boolean;
}

/** The facts from elsewhere about the build whose state is requested. */
export interface IStateContext {
  /** The build's local copy. */
  readonly copy: ILocalCopy | null;
  /** True if its local copy was asked for just now. */
  readonly pending: boolean;
  /** True while its local copy is just being removed. */
  readonly removing: boolean;
  /** True if the server answers, so that archives can be downloaded. */
  readonly connected: boolean;
  /** The reason why the build failed, when known. */
  readonly reason: string | null;
}

/** The state of an environment: that of its active build, or of its first one while it is built. */
export function environmentState(
  environment: IEnvironment,
  context: IStateContext
): IRowState {
  const local = copyState(context);
  if (local) {
    return local;
  }
  if (environment.launchable) {
    return state('absent', context, { launchable: context.connected });
  }
  return buildStatusState(
    environment.running_status ?? environment.status,
    context
  );
}

/** The state of one build. Lists do not tell whether it has an archive, so a completed one may be tried. */
export function buildState(build: IBuild, context: IStateContext): IRowState {
  const local = copyState(context);
  if (local) {
    return local;
  }
  if (build.status === 'COMPLETED') {
    return state('absent', context, { launchable: context.connected });
  }
  return buildStatusState(build.status, context);
}

/** The state that a local copy gives; null when there is none to speak of. */
function copyState(context: IStateContext): IRowState | null {
  const { copy, pending, removing } = context;
  if (removing) {
    return state('removing', context);
  }
  if (pending || copy?.state === 'waiting') {
    return state('waiting', context);
  }
  if (copy && isActive(copy)) {
    const fraction = copy.bytes_total
      ? Math.min(1, copy.bytes_done / copy.bytes_total)
      : null;
    return state('downloading', context, { step: copy.step, fraction });
  }
  if (copy?.state === 'ready') {
    return state('ready', context, {
      reason: copy.error?.message ?? null,
      launchable: copy.error?.code !== 'no_kernel'
    });
  }
  if (copy?.state === 'failed') {
    return state('error', context, {
      reason: copy.error?.message ?? null,
      launchable: context.connected
    });
  }
  return null;
}

const KINDS: Record<BuildStatus, StateKind> = {
  QUEUED: 'queued',
  BUILDING: 'building',
  COMPLETED: 'no-archive',
  FAILED: 'failed',
  CANCELED: 'canceled'
};

/** The state of a build that cannot be downloaded. */
function buildStatusState(
  status: BuildStatus | null,
  context: IStateContext
): IRowState {
  const kind = status ? KINDS[status] : 'unbuilt';
  const reason = kind === 'failed' ? context.reason : null;
  return state(kind, context, { reason });
}

/** A state with its defaults. */
function state(
  kind: StateKind,
  context: IStateContext,
  rest: Partial<IRowState> = {}
): IRowState {
  return {
    kind,
    copy: context.copy,
    step: null,
    fraction: null,
    reason: null,
    launchable: false,
    ...rest
  };
}
