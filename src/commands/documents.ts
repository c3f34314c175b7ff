/** The documents that are open in JupyterLab, when a repository below them is opened. */

import type { ILabShell } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { ServiceManager } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IOpenedRepository } from '../api/repositories';

/** The options of the opened documents. */
export interface IOpenedDocumentsOptions {
  shell: ILabShell;
  services: ServiceManager.IManager;
  documents: IDocumentManager;
  fileBrowser: IDefaultFileBrowser | null;
  trans: TranslationBundle;
}

/** Shows what was opened, and takes care of what was open before. */
export class OpenedDocuments {
  constructor(private readonly _options: IOpenedDocumentsOptions) {}

  /** The paths of documents with changes that are not saved. */
  get unsaved(): string[] {
    return this._contexts()
      .filter(({ model }) => model.dirty)
      .map(({ localPath }) => localPath);
  }

  /** Show a repository's notebook with its kernel, another file, or its folder. */
  async show(opened: IOpenedRepository): Promise<void> {
    const { services, documents, fileBrowser, trans } = this._options;
    const { path, kernel, folder, messages } = opened;
    await services.kernelspecs.refreshSpecs();
    await this._reread(folder);
    for (const message of messages) {
      Notification.info(message, { autoClose: 10000 });
    }
    if (kernel) {
      const stays = await this._session(path, kernel);
      if (stays) {
        Notification.warning(
          trans.__(
            '%1 runs on the kernel %2 already, which stays. Choose another one in its toolbar when your work there is done.',
            path,
            stays
          ),
          { autoClose: false }
        );
      }
    }
    await fileBrowser?.model.cd(`/${PathExt.dirname(path) || folder}`);
    if (opened.is_notebook || PathExt.extname(path)) {
      documents.openOrReveal(path);
    }
  }

  /**
   * Have a session with a kernel before the notebook is shown, so that nobody is asked which kernel it is to have.
   *
   * @returns The other kernel that it has already; null when it is as it should be.
   */
  private async _session(path: string, kernel: string): Promise<string | null> {
    const { sessions } = this._options.services;
    await sessions.refreshRunning();
    const old = await sessions.findByPath(path);
    if (old) {
      const name = old.kernel?.name ?? '';
      return name === kernel ? null : name;
    }
    const session = await sessions.startNew({
      path,
      name: PathExt.basename(path),
      type: 'notebook',
      kernel: { name: kernel }
    });
    // The notebook makes a connection of its own.
    session.dispose();
    return null;
  }

  /** Read again what was open of the folder, unless it has changes that are not saved. */
  private async _reread(folder: string): Promise<void> {
    const prefix = folder ? `${folder}/` : '';
    for (const context of this._contexts()) {
      if (context.localPath.startsWith(prefix) && !context.model.dirty) {
        await context.revert().catch(() => undefined);
      }
    }
  }

  private _contexts(): DocumentRegistry.Context[] {
    const { shell, documents } = this._options;
    const contexts = new Set<DocumentRegistry.Context>();
    for (const widget of shell.widgets('main')) {
      const context = documents.contextForWidget(widget);
      if (context) {
        contexts.add(context);
      }
    }
    return [...contexts];
  }
}
