/** The form of what is written back: the difference, and what the commit is to be. */

import type { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import type { IRepositoryChanges } from '../api/repositories';

/** The choice that somebody made. */
export interface IChoice {
  message: string;
  branch: string;
  author: string;
  withLockfile: boolean;
}

/** The difference, and what the commit is to be. */
export class ChangesForm extends Widget implements Dialog.IBodyWidget<IChoice> {
  constructor(
    private readonly _changes: IRepositoryChanges,
    build: string | null,
    trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-CondaStore-writeBack');
    const { diff, files, branch, new_branch, author, lockfile, left_out } =
      _changes;
    const text = document.createElement('pre');
    text.textContent = diff;
    text.tabIndex = 0;
    text.setAttribute('aria-label', trans.__('What changed'));
    this._message = this._field(
      trans.__('Message'),
      trans.__('Change %1', files.join(', ') || 'conda-lock.yml')
    );
    this._branch = this._field(trans.__('New branch'), new_branch);
    this._branch.placeholder = branch
      ? trans.__('empty: on %1, which is checked out', branch)
      : '';
    this._author = this._field(trans.__('Author, as Name <mail>'), '');
    this._author.parentElement!.hidden = author;
    this._lockfile = this._field(
      trans.__(
        'With the lockfile of %1, as %2',
        build,
        lockfile ?? 'conda-lock.yml'
      ),
      ''
    );
    this._lockfile.type = 'checkbox';
    this._lockfile.checked =
      build !== null && (lockfile !== null || !files.length);
    this._lockfile.parentElement!.hidden = build === null;
    if (left_out.length) {
      const note = document.createElement('p');
      note.textContent = trans.__(
        'Left out, because the manifest cannot list it: %1',
        left_out.join(', ')
      );
      this.node.prepend(note);
    }
    this.node.prepend(text);
  }

  getValue(): IChoice {
    return {
      message: this._message.value.trim(),
      branch: this._branch.value.trim(),
      author: this._changes.author ? '' : this._author.value.trim(),
      withLockfile: this._lockfile.checked
    };
  }

  private _field(label: string, value: string): HTMLInputElement {
    const line = document.createElement('label');
    const input = document.createElement('input');
    line.textContent = label;
    input.className = 'jp-mod-styled';
    input.value = value;
    line.append(input);
    this.node.append(line);
    return input;
  }

  private readonly _message: HTMLInputElement;
  private readonly _branch: HTMLInputElement;
  private readonly _author: HTMLInputElement;
  private readonly _lockfile: HTMLInputElement;
}
