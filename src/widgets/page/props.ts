/** What every component of a page is given. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { EnvironmentPageModel } from '../../model';
import type { IBuildReference } from '../../tokens';

/** The page's model, the commands that act, and the words. */
export interface IPageProps {
  readonly model: EnvironmentPageModel;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/** A build of the page's environment, or the active one, as the commands take it. */
export function reference(
  model: EnvironmentPageModel,
  build_id: number | null = null
): IBuildReference & { [name: string]: string | number | null } {
  return { namespace: model.namespace, environment: model.name, build_id };
}
