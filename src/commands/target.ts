/** The target that a command is to act on. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IBuildReference } from '../tokens';

/** The arguments of the commands that act on an environment or a build. */
export const BUILD_ARGS = {
  type: 'object',
  required: ['namespace', 'environment'],
  properties: {
    namespace: {
      type: 'string',
      description: 'The namespace of the environment.'
    },
    environment: {
      type: 'string',
      description: 'The name of the environment.'
    },
    build_id: {
      type: ['integer', 'null'],
      description: 'The build to take; null for the active one.'
    }
  }
};

/** The build that the arguments name, or that of the row under the context menu. */
export function targetOf(
  app: JupyterFrontEnd,
  args: ReadonlyPartialJSONObject
): IBuildReference | null {
  return fromArgs(args) ?? fromContextMenu(app);
}

/** The build that the arguments name. */
function fromArgs(args: ReadonlyPartialJSONObject): IBuildReference | null {
  const { namespace, environment, build_id } = args;
  return typeof namespace === 'string' && typeof environment === 'string'
    ? {
        namespace,
        environment,
        build_id: typeof build_id === 'number' ? build_id : null
      }
    : null;
}

/** The build of the row on which the context menu was opened. */
function fromContextMenu(app: JupyterFrontEnd): IBuildReference | null {
  const row = app.contextMenuHitTest(node => 'environment' in node.dataset);
  return row ? fromRow(row) : null;
}

function fromRow(row: HTMLElement): IBuildReference | null {
  const { namespace, environment, build } = row.dataset;
  return namespace && environment
    ? { namespace, environment, build_id: build ? Number(build) : null }
    : null;
}

/** The build of the row that has the focus. */
export function focusedTarget(): IBuildReference | null {
  const row =
    document.activeElement?.closest<HTMLElement>('.jp-CondaStore-row');
  return row ? fromRow(row) : null;
}

/** The path of what is open, or selected in the file browser; null for neither. */
export type CurrentPath = (inBrowser: boolean) => string | null;

/** The path that a command names, else that of what is open or selected. */
export function pathOf(
  args: ReadonlyPartialJSONObject,
  current: CurrentPath
): string | null {
  return typeof args.path === 'string'
    ? args.path
    : current(!!args.isContextMenu);
}
