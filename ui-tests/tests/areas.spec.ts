/** The panel in the areas to which a person can move it from the left sidebar. */

import { expect, type Locator, type Page } from '@playwright/test';
import { test } from './browser';
import { openLab, openPanel, picture, rowOf, setShell } from './lab';
import { ADDRESSES, TOKEN } from './servers';

/** The areas that the layout settings of JupyterLab know, and what holds the widgets of each. */
const AREAS = {
  right: '#jp-right-stack',
  main: '#jp-main-dock-panel',
  down: '#jp-down-stack'
};

test.afterEach(({ request }) => setShell(request, ADDRESSES.store, {}));

for (const [area, holder] of Object.entries(AREAS)) {
  test(`the panel works in the ${area} area`, async ({ page, request }) => {
    const layout = { multiple: { 'conda-store-panel': { area } } };
    await setShell(request, ADDRESSES.store, { layout });
    await page.goto(`${ADDRESSES.store}/lab?reset&token=${TOKEN}`);
    await expect(page.locator('#jp-main-dock-panel')).toBeVisible();
    await expect(page.locator('#jupyterlab-splash')).toBeHidden();

    const panel = page.locator(`${holder} #conda-store-panel`);
    await showEnvironments(page, panel);
    const row = rowOf(panel, 'default/data');
    await expect(row).toBeVisible();
    await expect(row.getByRole('button', { name: /^Launch / })).toBeInViewport({
      ratio: 1
    });
    await expectInside(panel, page);
    await picture(page, `area-${area}`);

    await panel.getByRole('searchbox').fill('mini');
    await expect(row).toBeHidden();
    await expect(rowOf(panel, 'default/minimal')).toBeInViewport({ ratio: 1 });
  });
}

test('the panel can be switched to the other sidebar', async ({
  page,
  request
}) => {
  await openLab(page, ADDRESSES.store);
  await openPanel(page);
  const tab = page.getByRole('tab', { name: 'Conda-store environments' });
  await tab.click({ button: 'right' });
  await page
    .locator('.lm-Menu-itemLabel', { hasText: 'Switch Sidebar Side' })
    .click();
  const panel = page.locator('#jp-right-stack #conda-store-panel');
  await showEnvironments(page, panel);
  await expect(rowOf(panel, 'default/data')).toBeVisible();
  await expect(tab).toHaveText('');
});

/** Show a panel and have its search focused, as the shortcut does: JupyterLab's start may take the focus away again. */
async function showEnvironments(page: Page, panel: Locator): Promise<void> {
  await expect(async () => {
    await page.keyboard.press('Alt+Shift+C');
    await expect(panel.getByRole('searchbox')).toBeFocused({ timeout: 5_000 });
  }).toPass();
}

/** Expect all of a panel to be on the page, and nothing of it to need scrolling sideways. */
async function expectInside(panel: Locator, page: Page): Promise<void> {
  const box = await panel.boundingBox();
  const size = page.viewportSize();
  expect(box && size).toBeTruthy();
  expect(box!.x + box!.width).toBeLessThanOrEqual(size!.width);
  expect(box!.y + box!.height).toBeLessThanOrEqual(size!.height);
  const overflow = await panel.evaluate(
    element => element.scrollWidth - element.clientWidth
  );
  expect(overflow).toBeLessThanOrEqual(0);
}
