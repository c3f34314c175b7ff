/** An environment's page. */

import { expect, type Locator, type Page } from '@playwright/test';
import { openPanel } from './lab';

/** The page in front, for axe. */
export const PAGE = '.jp-CondaStore-page:not(.lm-mod-hidden)';

/** Open an environment's page from its row. */
export async function openPage(page: Page, name: string): Promise<Locator> {
  const panel = await openPanel(page);
  await panel
    .getByRole('treeitem', { name: new RegExp(`^default/${name},`) })
    .focus();
  await page.keyboard.press('Control+Enter');
  return opened(page, name);
}

/** The page of an environment, once it is there. */
export async function opened(page: Page, name: string): Promise<Locator> {
  const view = page.locator('.jp-CondaStore-page:visible');
  await expect(view.getByRole('heading', { level: 1 })).toHaveText(
    `default/${name}`
  );
  return view;
}

/** Go to a part of the page. */
export async function showTab(view: Locator, name: string): Promise<void> {
  const tab = view.getByRole('tab', { name });
  await tab.click();
  await expect(tab).toHaveAttribute('aria-selected', 'true');
}

/** The builds that a page lists. */
export const builds = (view: Locator) => view.getByRole('listitem');
