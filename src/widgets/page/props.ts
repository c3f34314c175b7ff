/** The props of every component of a page. */

import type { CommandRegistry } from '@lumino/commands';
import type { EnvironmentPageModel } from '../../model';
import type { IBuildReference } from '../../tokens';

/** The page's model, and the commands that act. */
export interface IPageProps {
  readonly model: EnvironmentPageModel;
  readonly commands: CommandRegistry;
}

/** A build of the page's environment, or the active one, as the commands take it. */
export function reference(
  model: EnvironmentPageModel,
  build_id: number | null = null
): IBuildReference & { [name: string]: string | number | null } {
  return { namespace: model.namespace, environment: model.name, build_id };
}
