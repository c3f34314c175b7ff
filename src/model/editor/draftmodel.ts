/** The model of a draft: its text, what that says, and what is wrong with it. */

import { VDomModel } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IProblem, ISpecificationContent } from '../../specification';
import {
  missingKernel,
  NAME_PATTERN,
  newSpecification,
  problemsOf,
  readContent,
  renamingProblem
} from '../../specification';
import type { IDraft } from './draft';
import { draft } from './draft';

/** A draft, read anew after every change. */
export class DraftModel extends VDomModel {
  /**
   * @param start - Where to begin.
   */
  constructor(
    start: Partial<IDraft>,
    protected readonly trans: TranslationBundle
  ) {
    super();
    this._draft = draft(start);
    this.read();
  }

  /** True while the text to edit is on its way. */
  loading = false;

  /** The content of the text; null while it cannot be shown as a form. */
  content: ISpecificationContent | null = null;

  /** The content of the text when it could last be shown as a form. */
  lastContent: ISpecificationContent | null = null;

  /** The problems of the text. */
  problems: ReadonlyArray<IProblem> = [];

  get text(): string {
    return this._draft.text;
  }

  get namespace(): string {
    return this._draft.namespace;
  }

  get isLockfile(): boolean {
    return this._draft.is_lockfile;
  }

  /** Tell whether an environment that exists is edited. */
  get isExisting(): boolean {
    return this._draft.environment !== '';
  }

  /** The name that the environment has or will have; empty while it has no name. */
  get name(): string {
    const { environment, is_lockfile, name } = this._draft;
    return environment || (is_lockfile ? name : (this.content?.name ?? ''));
  }

  /** The build that is compared with; null when there is none. */
  get since(): number | null {
    return this._draft.since;
  }

  get notes(): ReadonlyArray<string> {
    return this._draft.notes;
  }

  /** The draft that outlives a reload. */
  get draft(): IDraft {
    return this._draft;
  }

  /** Tell whether there is something that closing would lose. */
  get dirty(): boolean {
    return this._draft.text !== this._draft.saved;
  }

  /** The kernel package to offer; null when none is missed. */
  get missingKernel(): string | null {
    return this.content && missingKernel(this.content);
  }

  /** Take another text. */
  setText(text: string): void {
    if (text !== this._draft.text) {
      this.change({ text });
    }
  }

  /** Change the text by one of the edits of `specification`. */
  edit(change: (text: string) => string): void {
    if (!this.isLockfile) {
      this.setText(change(this.text));
    }
  }

  /** Build in another namespace. */
  setNamespace(namespace: string): void {
    this.change({ namespace });
  }

  /** Call a lockfile's environment so. */
  setName(name: string): void {
    this.change({ name });
  }

  /** Put a specification that can be changed in the place of a lockfile. */
  writeSpecification(): void {
    this.change({
      is_lockfile: false,
      text: newSpecification(this.name),
      notes: []
    });
  }

  /** Tell whether the text could be taken by the server, as far as can be told here. */
  protected get sound(): boolean {
    return this.isLockfile
      ? NAME_PATTERN.test(this.name)
      : !this.problems.some(({ severity }) => severity === 'error');
  }

  /** Take in another part of the draft. */
  protected change(part: Partial<IDraft>): void {
    this._draft = { ...this._draft, ...part };
    this.read();
    this.stateChanged.emit();
  }

  /** Read the text again. */
  protected read(): void {
    const { text, environment } = this._draft;
    if (this.isLockfile) {
      return;
    }
    this.content = readContent(text);
    this.lastContent = this.content ?? this.lastContent;
    const problems = this.loading ? [] : problemsOf(text, this.trans);
    const renaming =
      environment && renamingProblem(text, environment, this.trans);
    if (renaming) {
      problems.unshift(renaming);
    }
    this.problems = problems;
  }

  protected _draft: IDraft;
}
