/** The file that a command of the file browser is to act on. */

import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

/** The path that the arguments name, else the selected file's; null where there is none. */
export function selectedFile(
  args: ReadonlyPartialJSONObject,
  fileBrowsers: IFileBrowserFactory | null
): string | null {
  if (typeof args.path === 'string') {
    return args.path;
  }
  const items = fileBrowsers?.tracker.currentWidget?.selectedItems();
  const item = items && [...items][0];
  return item && item.type !== 'directory' ? item.path : null;
}

/** The last part of a path. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
