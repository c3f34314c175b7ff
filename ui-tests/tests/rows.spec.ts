/** What a person can do with an environment besides launching it. */

import { expect, test, type Locator, type Page } from '@playwright/test';
import {
  endKernels,
  openLab,
  openPanel,
  picture,
  removeCopies,
  resizeSidebar
} from './lab';
import { ADDRESSES } from './servers';

test.describe.configure({ mode: 'serial' });

const row = (panel: Locator, name: string) =>
  panel.getByRole('treeitem', { name: new RegExp(`^default/${name},`) });

/** Make the local copy of the minimal environment, if it is not there, and open a notebook on it. */
async function launchMinimal(page: Page, panel: Locator): Promise<void> {
  await panel.getByRole('button', { name: 'Launch default/minimal' }).click();
  await expect(page.locator('.jp-NotebookPanel .jp-KernelName')).toContainText(
    'default/minimal'
  );
}

test('a download can be cancelled', async ({ page, request }) => {
  await removeCopies(request, ADDRESSES.store);
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Launch default/data' }).click();
  await panel.getByRole('button', { name: 'Cancel default/data' }).click();
  await expect(row(panel, 'data')).toHaveAccessibleName(/not downloaded/);
  await expect(panel.getByRole('progressbar')).toBeHidden();
  await expect(page.locator('.jp-NotebookPanel')).toBeHidden();
});

test('a failed build says why in its row', async ({ page }) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await expect(row(panel, 'broken')).toContainText(/no.such|nonesuch|broken/i);
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
  await row(panel, 'minimal').click();
  const build = panel.getByRole('treeitem', { name: /^Build \d+, active/ });
  await expect(build).toBeVisible();
  await picture(page, 'builds');
  await build.getByRole('button', { name: /^Launch build/ }).click();
  await expect(page.locator('.jp-NotebookPanel .jp-KernelName')).toContainText(
    'default/minimal'
  );
  await expect(row(panel, 'minimal')).toHaveAccessibleName(/ready/);
});

test('the launcher has one tile for the kernel of a ready environment', async ({
  page
}) => {
  await openLab(page, ADDRESSES.store);
  const tiles = page.locator(
    '.jp-LauncherCard[data-category="Notebook"][title*="default/minimal"]'
  );
  await expect(tiles).toHaveCount(1);
  await page.getByText('Conda-store', { exact: true }).click();
  await expect(page.locator('#conda-store-panel')).toBeVisible();
  await picture(page, 'launcher');
});

test('a console opens on an environment', async ({ page }) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await resizeSidebar(page, 360);
  await row(panel, 'minimal').hover();
  await picture(page, 'actions');
  await panel
    .getByRole('button', { name: 'Open a console on default/minimal' })
    .click();
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
  await row(panel, 'minimal').click({ button: 'right' });
  await picture(page, 'context-menu');
  await page
    .getByRole('menuitem', { name: 'Use in the Current Notebook' })
    .click();
  await expect(name).toContainText('default/minimal');
});

test('a local copy is removed, unless a kernel of it runs', async ({
  page,
  request
}) => {
  await endKernels(request, ADDRESSES.store);
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await launchMinimal(page, panel);
  await row(panel, 'minimal').focus();
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
  await row(panel, 'minimal').focus();
  await page.keyboard.press('Delete');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(row(panel, 'minimal')).toHaveAccessibleName(/not downloaded/);
});

test('the keyboard alone is enough', async ({ page, request }) => {
  await removeCopies(request, ADDRESSES.store);
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await expect(row(panel, 'minimal')).toBeVisible();
  await panel.getByRole('searchbox').focus();
  await page.keyboard.type('minimal');
  await expect(row(panel, 'broken')).toHaveCount(0);
  // Past the buttons of the header, into the list.
  const inTree = () =>
    panel
      .getByRole('tree')
      .evaluate(tree => tree.contains(document.activeElement));
  for (let tabs = 0; tabs < 6 && !(await inTree()); tabs++) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('End');
  await expect(row(panel, 'minimal')).toBeFocused();
  await picture(page, 'focus');
  await page.keyboard.press('Enter');
  await expect(page.locator('.jp-NotebookPanel')).toBeVisible({
    timeout: 120_000
  });
});
