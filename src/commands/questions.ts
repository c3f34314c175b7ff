/** What is asked before something on the server goes or changes. All text of the server's is shown as text. */

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

/** Ask whether an environment may go. */
export function confirmEnvironmentDeletion(
  target: IBuildReference,
  builds: number | null,
  stake: ICopiesAtStake,
  trans: TranslationBundle
): Promise<IAnswer> {
  const what =
    builds === null
      ? trans.__(
          'This deletes the environment and all its builds from the server, for everybody who uses it. It cannot be undone.'
        )
      : trans._n(
          'This deletes the environment and its %1 build from the server, for everybody who uses it. It cannot be undone.',
          'This deletes the environment and its %1 builds from the server, for everybody who uses it. It cannot be undone.',
          builds
        );
  return confirmDeletion(
    trans.__('Delete the environment %1?', fullName(target)),
    [what],
    stake,
    trans
  );
}

/** Ask whether a build may go. */
export function confirmBuildDeletion(
  target: IBuildReference,
  active: boolean,
  stake: ICopiesAtStake,
  trans: TranslationBundle
): Promise<IAnswer> {
  return confirmDeletion(
    trans.__('Delete build %1 of %2?', target.build_id, fullName(target)),
    [
      trans.__(
        'This deletes its files and its archive from the server, for everybody who uses it. It cannot be undone. Its log and its lockfile stay.'
      ),
      active
        ? trans.__(
            'It is the active build: nobody can launch the environment until another build is made active.'
          )
        : ''
    ],
    stake,
    trans
  );
}

/** Ask whether a namespace may go, in which there is nothing. */
export function confirmNamespaceDeletion(
  name: string,
  trans: TranslationBundle
): Promise<IAnswer> {
  return confirm(
    trans.__('Delete the namespace %1?', name),
    [
      trans.__(
        'This deletes the namespace from the server, for everybody who uses it. It has no environments.'
      )
    ],
    Dialog.warnButton({ label: trans.__('Delete') }),
    trans
  );
}

/** Ask whether another build is to be the active one. */
export async function confirmActiveBuild(
  target: IBuildReference,
  active: number | null,
  trans: TranslationBundle
): Promise<IAnswer> {
  const { build_id } = target;
  const older = active !== null && build_id !== null && build_id < active;
  return confirm(
    older
      ? trans.__('Roll %1 back to build %2?', fullName(target), build_id)
      : trans.__(
          'Make build %2 the active one of %1?',
          fullName(target),
          build_id
        ),
    [
      trans.__(
        'Everybody who launches the environment gets build %1 from now on.',
        build_id
      ),
      trans.__(
        'Running kernels and local copies stay as they are: they belong to the build that they were made from.'
      ),
      active === null
        ? ''
        : trans.__(
            'Build %1 stays on the server and can be made active again.',
            active
          )
    ],
    Dialog.okButton({
      label: older ? trans.__('Roll back') : trans.__('Set active')
    }),
    trans
  );
}

/** Ask whether a build is to be stopped. */
export function confirmCancelling(
  target: IBuildReference,
  trans: TranslationBundle
): Promise<IAnswer> {
  return confirm(
    trans.__('Cancel build %1 of %2?', target.build_id, fullName(target)),
    [
      trans.__('What it has done so far is lost.'),
      trans.__('The active build, running kernels and local copies stay.')
    ],
    Dialog.warnButton({ label: trans.__('Cancel the build') }),
    trans
  );
}

/** Ask yes or no. */
async function confirm(
  title: string,
  lines: string[],
  accept: Dialog.IButton,
  trans: TranslationBundle
): Promise<IAnswer> {
  const { button } = await showDialog({
    title,
    body: textNode(lines.filter(line => line).join('\n\n')),
    buttons: [Dialog.cancelButton({ label: trans.__('Back') }), accept]
  });
  return { accept: button.accept, copies: [] };
}

/** Ask for a deletion, and whether the local copies are to go with it. */
async function confirmDeletion(
  title: string,
  lines: string[],
  stake: ICopiesAtStake,
  trans: TranslationBundle
): Promise<IAnswer> {
  const { copies, inUse } = stake;
  const free = copies.filter(copy => !inUse.includes(copy));
  const { button, isChecked } = await showDialog({
    title,
    body: textNode(
      [...lines, fateOfCopies(stake, trans)].filter(line => line).join('\n\n')
    ),
    checkbox: free.length
      ? {
          label: trans._n(
            'Remove its copy from this machine too',
            'Remove its %1 copies from this machine too',
            free.length
          ),
          checked: false
        }
      : null,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Delete') })
    ]
  });
  return { accept: button.accept, copies: isChecked ? free : [] };
}

/** What becomes of running kernels and of what lies on this machine. */
function fateOfCopies(stake: ICopiesAtStake, trans: TranslationBundle): string {
  const { copies, inUse } = stake;
  if (!copies.length) {
    return trans.__('Nothing of it lies on this machine.');
  }
  const stay = trans._n(
    'Its copy on this machine, build %2, stays until it is removed, and notebooks can still run on it.',
    'Its %1 copies on this machine, builds %2, stay until they are removed, and notebooks can still run on them.',
    copies.length,
    copies.map(copy => copy.build_id).join(', ')
  );
  const running = inUse.length
    ? trans.__(
        'Running kernels go on; a copy cannot be removed while a kernel runs on it.'
      )
    : '';
  return [stay, running].filter(part => part).join(' ');
}
