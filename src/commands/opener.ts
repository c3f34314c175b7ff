/** From a build to a kernel, and from a kernel to a notebook or a console. */

import { InputDialog } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { KernelSpec } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { fullName } from '../api/names';
import type { EnvironmentsModel } from '../model';
import { CondaStoreError } from '../api/request';
import type { IBuildReference, IKernel, ILocalCopy } from '../tokens';

/** The options of an Opener. */
export interface IOpenerOptions {
  model: EnvironmentsModel;
  kernelspecs: KernelSpec.IManager;
  documents: IDocumentManager;
  commands: CommandRegistry;
  trans: TranslationBundle;
  /** Says in which folder new notebooks go; without it they go to the top. */
  fileBrowser: IDefaultFileBrowser | null;
  /** Says which notebook is the current one. */
  notebooks: INotebookTracker | null;
}

/** Opens things on the kernels of builds; makes the local copy first where there is none. */
export class Opener {
  constructor(private readonly _options: IOpenerOptions) {}

  /** Tell whether there is a notebook whose kernel can be changed. */
  get hasNotebook(): boolean {
    return !!this._options.notebooks?.currentWidget;
  }

  /** Tell whether consoles can be opened here. */
  get hasConsoles(): boolean {
    return this._options.commands.hasCommand('console:create');
  }

  /**
   * A kernel of the build, known to the page.
   *
   * @returns null when there are several and nobody wanted to choose.
   * @throws CondaStoreError
   */
  async kernel(build: IBuildReference): Promise<IKernel | null> {
    const { model, kernelspecs } = this._options;
    let copy = await model.copies.fetch(build);
    await kernelspecs.refreshSpecs();
    const registered =
      copy.kernels.length > 0 &&
      copy.kernels.every(({ name }) => this._isKnown(name));
    if (!registered && !copy.error) {
      // Somebody removed a kernelspec, or the copy came for a kernel that
      // fetches it and has none of its own: asking the server registers it.
      copy = await model.copies.make({ ...build, build_id: copy.build_id });
    }
    return this.kernelOf(copy);
  }

  /**
   * A kernel of a copy that is ready, known to the page.
   *
   * @returns null when there are several and nobody wanted to choose.
   * @throws CondaStoreError
   */
  async kernelOf(copy: ILocalCopy): Promise<IKernel | null> {
    const { kernelspecs, trans } = this._options;
    if (copy.kernels.some(({ name }) => !this._isKnown(name))) {
      await kernelspecs.refreshSpecs();
    }
    if (!copy.kernels.length) {
      throw new CondaStoreError(
        'no_kernel',
        trans.__(
          '%1 has no kernel to run. Add a kernel package such as ipykernel to it.',
          fullName(copy)
        )
      );
    }
    return this._choose(copy.kernels);
  }

  /** Open a new notebook in a folder, by default the current one. */
  async openNotebook(
    kernel: IKernel,
    folder = this._folder
  ): Promise<IDocumentWidget | undefined> {
    const { documents } = this._options;
    const file = await documents.newUntitled({
      path: folder,
      type: 'notebook'
    });
    const { name } = kernel;
    return documents.openOrReveal(file.path, 'default', { name });
  }

  /** Open a console that works in the current folder. */
  async openConsole(kernel: IKernel): Promise<void> {
    await this._options.commands.execute('console:create', {
      cwd: this._folder,
      kernelPreference: { name: kernel.name },
      activate: true
    });
  }

  /** Make it the kernel of the current notebook. */
  async useInNotebook(kernel: IKernel): Promise<void> {
    const notebook = this._options.notebooks?.currentWidget;
    await notebook?.sessionContext.changeKernel({ name: kernel.name });
  }

  private _isKnown(kernel: string): boolean {
    return kernel in (this._options.kernelspecs.specs?.kernelspecs ?? {});
  }

  private get _folder(): string {
    return this._options.fileBrowser?.model.path ?? '';
  }

  /** The only kernel, or the one that somebody chooses, Python being offered first. */
  private async _choose(
    kernels: ReadonlyArray<IKernel>
  ): Promise<IKernel | null> {
    if (kernels.length === 1) {
      return kernels[0];
    }
    const { trans } = this._options;
    const names = kernels.map(kernel => kernel.display_name);
    const python = kernels.findIndex(kernel => kernel.language === 'python');
    const { button, value } = await InputDialog.getItem({
      title: trans.__('Choose a kernel'),
      label: trans.__('This environment has several kernels.'),
      items: names,
      current: Math.max(0, python),
      okLabel: trans.__('Launch')
    });
    return button.accept ? (kernels[names.indexOf(value ?? '')] ?? null) : null;
  }
}
