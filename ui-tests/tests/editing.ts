/** The page on which a specification is written. */

import {
  expect,
  type APIRequestContext,
  type Locator,
  type Page
} from '@playwright/test';
import { violations } from './accessible';
import { ask, openPanel } from './lab';
import { ADDRESSES } from './servers';

/** The page that is in front. */
export function editor(page: Page): Locator {
  return page.locator('.jp-CondaStore-editor:visible');
}

/** The YAML of the page that is in front. */
export function yaml(page: Page): Locator {
  return editor(page).locator('.cm-content');
}

/** Expect that everybody can use the page as it is now. */
export async function accessible(page: Page): Promise<void> {
  const ours = '.jp-CondaStore-editor:not(.lm-mod-hidden)';
  // How JupyterLab colours code, and lets one scroll it, is its own.
  expect(await violations(page, [ours], ['.cm-editor'])).toEqual([]);
}

/** Choose an entry of a row's context menu. */
export async function choose(
  page: Page,
  row: string,
  entry: string
): Promise<void> {
  const panel = await openPanel(page);
  await panel
    .getByRole('treeitem', { name: new RegExp(`^${row},`) })
    .click({ button: 'right' });
  await page.getByRole('menuitem', { name: entry }).click();
}

/** Delete an environment: others look at the same list. */
export async function remove(
  request: APIRequestContext,
  name: string
): Promise<void> {
  const route = `${ADDRESSES.store}/conda-store/environments/${name}`;
  await ask(request, 'DELETE', route);
}
