/** The actions of a row, besides launching its environment. */

import { expect } from '@playwright/test';
import { test } from './browser';
import {
  endKernels,
  launch,
  notebookOn,
  openLab,
  openPanel,
  picture,
  pressInRow,
  removeCopies,
  resizeSidebar,
  rowOf
} from './lab';
import { ADDRESSES } from './servers';

test.describe.configure({ mode: 'serial' });

test('a download can be cancelled', async ({ page, request }) => {
  await removeCopies(request, ADDRESSES.store);
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Launch default/data' }).click();
  await panel.getByRole('button', { name: 'Cancel default/data' }).click();
  await expect(rowOf(panel, 'default/data')).toHaveAccessibleName(
    /not downloaded/
  );
  await expect(panel.getByRole('progressbar')).toBeHidden();
  await expect(page.locator('.jp-NotebookPanel')).toBeHidden();
});

test('a failed build says why in its row', async ({ page }) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await expect(rowOf(panel, 'default/broken')).toContainText(
    /no.such|nonesuch|broken/i
  );
  await expect(
    panel.getByRole('button', { name: 'Launch default/broken' })
  ).toBeHidden();
  await picture(page, 'failed');
});

test('builds unfold, and one of them is launched', async ({
  page,
  request
}) => {
  await removeCopies(request, ADDRESSES.store);
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await rowOf(panel, 'default/minimal').click();
  const build = panel.getByRole('treeitem', { name: /^Build \d+, active/ });
  await expect(build).toBeVisible();
  await picture(page, 'builds');
  await build.getByRole('button', { name: /^Launch build/ }).click();
  await notebookOn(page, 'default/minimal');
  await expect(rowOf(panel, 'default/minimal')).toHaveAccessibleName(/ready/);
});

test('a console opens on an environment', async ({ page }) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await resizeSidebar(page, 360);
  await rowOf(panel, 'default/minimal').hover();
  await picture(page, 'actions');
  await pressInRow(
    rowOf(panel, 'default/minimal'),
    'Open a console on default/minimal'
  );
  await expect(page.locator('.jp-ConsolePanel')).toBeVisible();
  await expect(page.locator('.jp-ConsolePanel')).toContainText('Python 3');
});

test('the current notebook changes over to an environment', async ({
  page
}) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await page
    .locator('.jp-LauncherCard[data-category="Notebook"]')
    .filter({ hasText: 'ipykernel' })
    .click();
  const name = page.locator('.jp-NotebookPanel .jp-KernelName');
  await expect(name).toContainText('ipykernel');
  await rowOf(panel, 'default/minimal').click({ button: 'right' });
  await picture(page, 'context-menu');
  await page
    .getByRole('menuitem', { name: 'Use in the Current Notebook' })
    .click();
  await notebookOn(page, 'default/minimal');
});

test('a local copy is removed, unless a kernel of it runs', async ({
  page,
  request
}) => {
  await endKernels(request, ADDRESSES.store);
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await launch(page, panel, 'default/minimal');
  await rowOf(panel, 'default/minimal').focus();
  await page.keyboard.press('Delete');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(
    'Remove the local copy of default/minimal?'
  );
  await picture(page, 'remove');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(dialog).toContainText('default/minimal was not removed');
  await picture(page, 'kernel-running');
  await dialog.getByRole('button', { name: 'Close' }).click();

  await endKernels(request, ADDRESSES.store);
  await rowOf(panel, 'default/minimal').focus();
  await page.keyboard.press('Delete');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(rowOf(panel, 'default/minimal')).toHaveAccessibleName(
    /not downloaded/
  );
});

test('the keyboard alone is enough', async ({ page, request }) => {
  await removeCopies(request, ADDRESSES.store);
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await expect(rowOf(panel, 'default/minimal')).toBeVisible();
  await panel.getByRole('searchbox').focus();
  await page.keyboard.type('minimal');
  await expect(rowOf(panel, 'default/broken')).toHaveCount(0);
  // Past the buttons of the header, into the list.
  const inTree = () =>
    panel
      .getByRole('tree')
      .evaluate(tree => tree.contains(document.activeElement));
  for (let tabs = 0; tabs < 6 && !(await inTree()); tabs++) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('End');
  await expect(rowOf(panel, 'default/minimal')).toBeFocused();
  await picture(page, 'focus');
  await page.keyboard.press('Enter');
  await expect(page.locator('.jp-NotebookPanel')).toBeVisible({
    timeout: 600_000
  });
});
