/** The offers made when a notebook is opened whose build is not simply running. */

import type { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { buildName } from '../api/names';
import type {
  IBuildReference,
  INotebookRecord,
  INotebookStatus
} from '../tokens';

/** Something to do about a notebook's build. */
export interface IOffer {
  label: string;
  /** The build to run on, or a kernel that is here; without either, the recorded lockfile is built again. */
  run?: IBuildReference | string;
  /** Packages to add beside the build instead, as pip's requirements. */
  add?: string[];
  /** Something to do first; it returns the kernel to run on then, null for none. */
  first?(): Promise<string | null>;
}

/** A sentence and what can be done. */
export interface IFinding {
  message: string;
  type: Notification.TypeOptions;
  offers: IOffer[];
}

/** Finds out what to say on opening a notebook. */
export class Findings {
  constructor(protected readonly trans: TranslationBundle) {}

  /**
   * Return the finding to show on opening a notebook; null when nothing needs to be said.
   *
   * @param hasKernel - Whether the kernel that the notebook asks for is in Jupyter's list.
   * @param recorded - Whether the kernel that it ran on is.
   */
  ofRecord(
    record: INotebookRecord,
    status: INotebookStatus,
    hasKernel: boolean,
    recorded = hasKernel
  ): IFinding | null {
    const { namespace, environment, build_id, kernel } = record;
    const { state, message, here, fetchable, active_build_id } = status;
    const elsewhere = state === 'elsewhere';
    const offers: IOffer[] = [];
    const run = (id: number, label: string) =>
      offers.push({ label, run: { namespace, environment, build_id: id } });
    if (!hasKernel && !elsewhere && (here || fetchable)) {
      run(build_id, this.trans.__('Run on #%1', build_id));
    }
    if (!hasKernel && elsewhere && here && recorded) {
      // The same number is another build on the server in use.
      offers.push({
        label: this.trans.__('Run on #%1', build_id),
        run: kernel
      });
    }
    if (active_build_id !== null) {
      run(
        active_build_id,
        elsewhere
          ? this.trans.__('Run on #%1 of this server', active_build_id)
          : this.trans.__('Switch to #%1', active_build_id)
      );
    }
    if ((state === 'deleted' || elsewhere) && status.rebuildable) {
      offers.push({ label: this.trans.__('Rebuild from its lockfile') });
    }
    const fine = state === 'here' || state === 'fetchable';
    if (fine && hasKernel) {
      return this.ofAdditions(record, status.missing_additions);
    }
    return { message, type: fine ? 'info' : 'warning', offers };
  }

  /** Return the finding to show where packages added beside the notebook's build are not here; null for none. */
  ofAdditions(record: INotebookRecord, missing: string[]): IFinding | null {
    const add = missing.filter(name => !name.startsWith('r::'));
    return missing.length
      ? {
          message: this.trans.__(
            'This notebook ran with packages added to %1 that are not here: %2.',
            buildName(record),
            missing.map(name => name.replace(/^r::/, '')).join(', ')
          ),
          type: 'info',
          offers: add.length ? [{ label: this.trans.__('Add Them'), add }] : []
        }
      : null;
  }

  /** Return the finding to show where a notebook's own block asks for packages that are not here. */
  ofBlock(missing: string[]): IFinding {
    return {
      message: this.trans.__(
        'This notebook asks for packages that its environment does not have: %1.',
        missing.join(', ')
      ),
      type: 'info',
      offers: [{ label: this.trans.__('Add Them'), add: missing }]
    };
  }

  /** Return the finding to show where the kernel is not there, but its name stands for a build or environment. */
  ofName(build: IBuildReference): IFinding {
    const { build_id } = build;
    const name = buildName(build);
    return {
      message: this.trans.__('This notebook asks for %1 of conda-store.', name),
      type: 'info',
      offers: [
        {
          label: build_id
            ? this.trans.__('Run on #%1', build_id)
            : this.trans.__('Run on %1', name),
          run: build
        }
      ]
    };
  }
}
