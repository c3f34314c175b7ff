/** The questions before something on the server is deleted or changed. The server's texts are shown as plain text. */

import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { fullName } from '../api/names';
import type { IBuildReference, ILocalCopy } from '../tokens';
import { textNode } from './dialogs';

/** The copies on this machine of what is about to go. */
export interface ICopiesAtStake {
  /** The complete ones. */
  readonly copies: ReadonlyArray<ILocalCopy>;
  /** Those of them whose kernels run. */
  readonly inUse: ReadonlyArray<ILocalCopy>;
}

/** An answer, with the local copies that are to go too. */
export interface IAnswer {
  readonly accept: boolean;
  readonly copies: ReadonlyArray<ILocalCopy>;
}

/** The questions before something on the server goes or changes. */
export class Questions {
  constructor(protected readonly trans: TranslationBundle) {}

  /** Ask whether an environment may go. */
  deleteEnvironment(
    target: IBuildReference,
    builds: number | null,
    stake: ICopiesAtStake
  ): Promise<IAnswer> {
    const what =
      builds === null
        ? this.trans.__(
            'This deletes the environment and all its builds from the server, for everybody who uses it. It cannot be undone.'
          )
        : this.trans._n(
            'This deletes the environment and its %1 build from the server, for everybody who uses it. It cannot be undone.',
            'This deletes the environment and its %1 builds from the server, for everybody who uses it. It cannot be undone.',
            builds
          );
    return this._confirmDeletion(
      this.trans.__('Delete the environment %1?', fullName(target)),
      [what],
      stake
    );
  }

  /** Ask whether a build may go. */
  deleteBuild(
    target: IBuildReference,
    active: boolean,
    stake: ICopiesAtStake
  ): Promise<IAnswer> {
    return this._confirmDeletion(
      this.trans.__(
        'Delete build %1 of %2?',
        target.build_id,
        fullName(target)
      ),
      [
        this.trans.__(
          'This deletes its files and its archive from the server, for everybody who uses it. It cannot be undone. Its log and its lockfile stay.'
        ),
        active
          ? this.trans.__(
              'It is the active build: nobody can launch the environment until another build is made active.'
            )
          : ''
      ],
      stake
    );
  }

  /** Ask whether a namespace may go, in which there is nothing. */
  deleteNamespace(name: string): Promise<IAnswer> {
    return this._confirm(
      this.trans.__('Delete the namespace %1?', name),
      [
        this.trans.__(
          'This deletes the namespace from the server, for everybody who uses it. It has no environments.'
        )
      ],
      Dialog.warnButton({ label: this.trans.__('Delete') })
    );
  }

  /** Ask whether another build is to be the active one. */
  async setActiveBuild(
    target: IBuildReference,
    active: number | null
  ): Promise<IAnswer> {
    const { build_id } = target;
    const older = active !== null && build_id !== null && build_id < active;
    return this._confirm(
      older
        ? this.trans.__('Roll %1 back to build %2?', fullName(target), build_id)
        : this.trans.__(
            'Make build %2 the active one of %1?',
            fullName(target),
            build_id
          ),
      [
        this.trans.__(
          'Everybody who launches the environment gets build %1 from now on.',
          build_id
        ),
        this.trans.__(
          'Running kernels and local copies stay as they are: they belong to the build that they were made from.'
        ),
        active === null
          ? ''
          : this.trans.__(
              'Build %1 stays on the server and can be made active again.',
              active
            )
      ],
      Dialog.okButton({
        label: older ? this.trans.__('Roll back') : this.trans.__('Set active')
      })
    );
  }

  /** Ask whether a build is to be stopped. */
  cancelBuild(target: IBuildReference): Promise<IAnswer> {
    return this._confirm(
      this.trans.__(
        'Cancel build %1 of %2?',
        target.build_id,
        fullName(target)
      ),
      [
        this.trans.__('What it has done so far is lost.'),
        this.trans.__(
          'The active build, running kernels and local copies stay.'
        )
      ],
      Dialog.warnButton({ label: this.trans.__('Cancel the build') })
    );
  }

  /** Ask yes or no. */
  private async _confirm(
    title: string,
    lines: string[],
    accept: Dialog.IButton
  ): Promise<IAnswer> {
    const { button } = await showDialog({
      title,
      body: textNode(lines.filter(line => line).join('\n\n')),
      buttons: [Dialog.cancelButton({ label: this.trans.__('Back') }), accept]
    });
    return { accept: button.accept, copies: [] };
  }

  /** Ask for a deletion, and whether the local copies are to go with it. */
  private async _confirmDeletion(
    title: string,
    lines: string[],
    stake: ICopiesAtStake
  ): Promise<IAnswer> {
    const { copies, inUse } = stake;
    const free = copies.filter(copy => !inUse.includes(copy));
    const { button, isChecked } = await showDialog({
      title,
      body: textNode(
        [...lines, this._fateOfCopies(stake)].filter(line => line).join('\n\n')
      ),
      checkbox: free.length
        ? {
            label: this.trans._n(
              'Remove its copy from this machine too',
              'Remove its %1 copies from this machine too',
              free.length
            ),
            checked: false
          }
        : null,
      buttons: [
        Dialog.cancelButton({ label: this.trans.__('Cancel') }),
        Dialog.warnButton({ label: this.trans.__('Delete') })
      ]
    });
    return { accept: button.accept, copies: isChecked ? free : [] };
  }

  /** Say what happens to running kernels and to the copies on this machine. */
  private _fateOfCopies(stake: ICopiesAtStake): string {
    const { copies, inUse } = stake;
    if (!copies.length) {
      return this.trans.__('Nothing of it lies on this machine.');
    }
    const stay = this.trans._n(
      'Its copy on this machine, build %2, stays until it is removed, and notebooks can still run on it.',
      'Its %1 copies on this machine, builds %2, stay until they are removed, and notebooks can still run on them.',
      copies.length,
      copies.map(copy => copy.build_id).join(', ')
    );
    const running = inUse.length
      ? this.trans.__(
          'Running kernels go on; a copy cannot be removed while a kernel runs on it.'
        )
      : '';
    return [stay, running].filter(part => part).join(' ');
  }
}
