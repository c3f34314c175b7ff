/** The same states in a dark theme and in a narrow sidebar. */

import { expect, test } from '@playwright/test';
import { openLab, openPanel, picture, setTheme } from './lab';
import { ADDRESSES } from './servers';

test('the list in the dark', async ({ page }) => {
  await openLab(page, ADDRESSES.store);
  await setTheme(page, 'JupyterLab Dark');
  const panel = await openPanel(page);
  await panel.getByRole('treeitem', { name: /^default\/data/ }).click();
  await expect(
    panel.getByRole('treeitem', { name: /^Build/ }).first()
  ).toBeVisible();
  await picture(page, 'dark');
  await setTheme(page, 'JupyterLab Light');
});

test('the first steps in the dark', async ({ page }) => {
  await openLab(page, ADDRESSES.bare);
  await setTheme(page, 'JupyterLab Dark');
  await openPanel(page);
  await picture(page, 'dark-not-configured');
  await setTheme(page, 'JupyterLab Light');
});

test('a bad day in the dark', async ({ page }) => {
  await openLab(page, ADDRESSES.cut);
  await setTheme(page, 'JupyterLab Dark');
  const panel = await openPanel(page);
  await expect(panel.getByRole('alert')).toBeVisible();
  await picture(page, 'dark-not-connected');
  await setTheme(page, 'JupyterLab Light');
});

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
  await panel
    .getByRole('button', { name: 'More actions for default/minimal' })
    .click();
  await expect(page.getByRole('menuitem', { name: 'Launch' })).toBeVisible();
  await picture(page, 'narrow-menu');
});
