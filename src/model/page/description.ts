/** The description of an environment while somebody edits it. */

import type { IApi } from '../../api';
import type { EnvironmentPageModel } from './environmentpage';

/** The text in the box, and its way to the server. */
export class Description {
  /**
   * @param changed - Called after every change of a field.
   */
  constructor(
    private readonly _api: Pick<IApi, 'updateEnvironment'>,
    private readonly _page: EnvironmentPageModel,
    private readonly _changed: () => void
  ) {}

  /** The description being edited; null while nobody edits it. */
  draft: string | null = null;

  /** Edit the description, or with null stop doing so. */
  edit(draft: string | null): void {
    this.draft = draft;
    this._changed();
  }

  /** Save the description that was edited; it stays in the box when that fails. */
  async save(): Promise<void> {
    const description = (this.draft ?? '').trim();
    const { namespace, name, environments } = this._page;
    const saved = await this._page.act(() =>
      this._api.updateEnvironment(namespace, name, { description })
    );
    if (saved) {
      this.edit(null);
      void environments.refresh();
    }
  }
}
