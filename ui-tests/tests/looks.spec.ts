/** The list in a narrow sidebar. */

import { expect } from '@playwright/test';
import { test } from './browser';
import { openLab, openPanel, picture, pressInRow } from './lab';
import { ADDRESSES } from './servers';

test('a sidebar of 240 pixels', async ({ page }) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  // JupyterLab's own limit is 250.
  await panel.evaluate(node => {
    node.style.minWidth = '0';
    node.style.width = '240px';
  });
  const row = panel.getByRole('treeitem', { name: /^default\/minimal/ });
  await row.click();
  await expect(
    panel.getByRole('treeitem', { name: /^Build/ }).first()
  ).toBeVisible();
  await row.hover();
  const overflow = await panel
    .locator('.jp-CondaStore-scroll')
    .evaluate(node => node.scrollWidth - node.clientWidth);
  expect(overflow).toBe(0);
  await picture(panel, 'narrow');
  await pressInRow(row, 'More actions for default/minimal');
  await expect(page.getByRole('menuitem', { name: 'Launch' })).toBeVisible();
  await picture(page, 'narrow-menu');
});
