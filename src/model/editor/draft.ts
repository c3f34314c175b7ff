/** The draft that an editing page is opened with, and the part of it that outlives a reload. */

import type { JSONObject } from '@lumino/coreutils';

/** An environment's specification that is being written. */
export interface IDraft {
  /** The namespace to build in; empty until one is chosen. */
  namespace: string;
  /** The environment that is edited; empty for a new one. */
  environment: string;
  /** The specification, or the lockfile. */
  text: string;
  /** The text that needs no saving: the one that was built last. */
  saved: string;
  /** True if the text is a lockfile: it can be built, not changed. */
  is_lockfile: boolean;
  /** The name that a lockfile's environment is to have. */
  name: string;
  /** The build that the text was taken from and is compared with. */
  since: number | null;
  /** The newest build there was when the text was taken. */
  newest: number | null;
  /** The parts that were not carried over into the text, a sentence each. */
  notes: string[];
  /** The environment of this machine whose project is to start on it once it is built; null for none. */
  shared: { provider: string; key: string; folder: string } | null;
}

/** A draft with its defaults. */
export function draft(rest: Partial<IDraft> = {}): IDraft {
  return {
    namespace: '',
    environment: '',
    text: '',
    saved: '',
    is_lockfile: false,
    name: '',
    since: null,
    newest: null,
    notes: [],
    shared: null,
    ...rest
  };
}

/** A draft out of what was kept; null when it is none. */
export function readDraft(kept: unknown): IDraft | null {
  const value = kept as Partial<IDraft> | null | undefined;
  return typeof value?.text === 'string' ? draft(value) : null;
}

/** A draft as it is kept. */
export function writeDraft(value: IDraft): JSONObject {
  return { ...value };
}
