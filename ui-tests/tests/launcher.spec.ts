/** The first sight of JupyterLab: a tile for each environment, from which it is one click to a notebook. */

import { expect } from '@playwright/test';
import { test } from './browser';
import { notebookOn, openLab, picture, removeCopies, runCell } from './lab';
import { ADDRESSES } from './servers';

test('a tile downloads an environment and opens a notebook on it, and nothing has two tiles', async ({
  page,
  request
}) => {
  await removeCopies(request, ADDRESSES.store);
  await openLab(page, ADDRESSES.store);
  const launcher = page.locator('.jp-Launcher:visible');
  const tiles = launcher.locator(
    '.jp-LauncherCard[data-category="Environments"]'
  );
  const tile = tiles.filter({ hasText: /^minimal/ });
  await expect(tile).toHaveCount(1);
  await expect(launcher.locator('h2').first()).toHaveText('Environments');
  // What failed to build has none.
  await expect(tiles.filter({ hasText: 'broken' })).toHaveCount(0);
  await picture(page, 'launcher');

  await tile.click();
  const notebook = await notebookOn(page, 'default/minimal');
  await runCell(page, notebook, 'import sys; print(sys.base_prefix)');
  await expect(notebook.locator('.jp-OutputArea-output').first()).toContainText(
    '/conda-store/v1/'
  );

  await page.getByRole('button', { name: 'New Launcher', exact: true }).click();
  await expect(tile).toHaveAttribute('title', /^Open a notebook/);
  const kernels = launcher.locator(
    '.jp-LauncherCard[data-category="Notebook"]'
  );
  await expect(kernels.filter({ hasText: 'ipykernel' })).toHaveCount(1);
  await expect(kernels.filter({ hasText: 'default/minimal' })).toHaveCount(0);
  await picture(page, 'launcher-downloaded');

  // With a copy at hand the notebook takes the launcher's place; the first launcher is there still.
  const launchers = page.locator('.jp-Launcher');
  await expect(launchers).toHaveCount(2);
  const tabs = page.getByRole('tab', { name: /^Untitled\d*\.ipynb/ });
  const before = await tabs.count();
  await tile.click();
  await expect(tabs).toHaveCount(before + 1);
  await expect(launchers).toHaveCount(1);
});

test('all environments are a click away', async ({ page }) => {
  await openLab(page, ADDRESSES.store);
  await page
    .locator('.jp-LauncherCard[data-category="Environments"]')
    .filter({ hasText: 'All Environments…' })
    .click();
  await expect(page.locator('#conda-store-panel')).toBeVisible();
});
