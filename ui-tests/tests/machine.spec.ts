/** Environments of this machine: from a requirements.txt to a notebook on it, and what is remembered. */

import { expect, type Locator, type Page } from '@playwright/test';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { test } from './browser';
import {
  endKernels,
  openLab,
  openPanel,
  picture,
  reloadLab,
  runCell
} from './lab';
import { ADDRESSES, PLACES } from './servers';

/** The folder of the Jupyter server in which the project is. */
const PROJECT = join(PLACES.folder, 'bare', 'work', 'analysis');

test.beforeAll(() => {
  mkdirSync(PROJECT, { recursive: true });
  writeFileSync(join(PROJECT, 'requirements.txt'), 'six==1.16.0\n');
});

test.afterAll(async ({ request }) => {
  await endKernels(request, ADDRESSES.bare);
  rmSync(PROJECT, { recursive: true, force: true });
});

/** Open a folder in the file browser. */
async function openFolder(page: Page, name: string): Promise<void> {
  const folder = page.locator('.jp-DirListing-item', { hasText: name });
  if (!(await folder.isVisible())) {
    await page.getByRole('tab', { name: /^File Browser/ }).click();
  }
  await folder.dblclick();
  await expect(
    page.locator('.jp-DirListing-item', { hasText: 'requirements.txt' })
  ).toBeVisible();
}

/** The row of the project's environment in the panel. */
function rowIn(panel: Locator): Locator {
  return panel.locator('.jp-CondaStore-machineRow', {
    hasText: 'analysis (.venv'
  });
}

test('from a requirements.txt it is two clicks to a notebook, and it is remembered', async ({
  page,
  request
}) => {
  await openLab(page, ADDRESSES.bare);
  await openFolder(page, 'analysis');
  await page
    .locator('.jp-DirListing-item', { hasText: 'requirements.txt' })
    .click({ button: 'right' });
  await page
    .locator('.lm-Menu-itemLabel', {
      hasText: 'Create Environment from This File'
    })
    .click();
  const panel = await openPanel(page);
  await expect(panel.getByText('Installing packages…')).toBeVisible();
  await picture(page, 'machine-creating');
  await page.getByRole('button', { name: 'New Notebook', exact: true }).click();

  const notebook = page.locator('.jp-NotebookPanel:visible');
  await expect(notebook.locator('.jp-KernelName')).toContainText('analysis');
  await runCell(page, notebook, 'import six, sys; print(sys.prefix)');
  const output = notebook.locator('.jp-OutputArea-output').first();
  await expect(output).toContainText(join(PROJECT, '.venv'));
  await picture(page, 'machine-notebook');
  await page.keyboard.press('Control+s');
  await expect(page.locator('.jp-mod-dirty')).toHaveCount(0);

  await endKernels(request, ADDRESSES.bare);
  await openLab(page, ADDRESSES.bare);
  await openFolder(page, 'analysis');
  await page
    .locator('.jp-DirListing-item', { hasText: 'Untitled.ipynb' })
    .dblclick();
  const again = page.locator('.jp-NotebookPanel:visible');
  await expect(again.locator('.jp-KernelName')).toContainText('analysis');
  await expect(
    again.locator('.jp-Notebook-ExecutionIndicator')
  ).toHaveAttribute('data-status', 'idle');
  const row = rowIn(await openPanel(page));
  await expect(row).toContainText('Kernel:');
});

test('its packages are changed on its page, after a look at what changes', async ({
  page,
  request
}) => {
  await endKernels(request, ADDRESSES.bare);
  await openLab(page, ADDRESSES.bare);
  await openFolder(page, 'analysis');
  const row = rowIn(await openPanel(page));
  await row.getByRole('button', { name: /^Show the packages of / }).click();
  const shown = page.locator('.jp-CondaStore-pageWidget:visible');
  const packages = shown.getByRole('table', { name: 'Packages', exact: true });
  const six = packages.getByRole('row', { name: /^six / });
  await expect(six).toContainText('1.16.0');
  await picture(page, 'machine-page');

  await six.getByRole('button', { name: 'Upgrade six' }).click();
  await expect(shown.getByText('1 upgraded')).toBeVisible();
  await picture(page, 'machine-change');
  await shown.getByRole('button', { name: 'Change the environment' }).click();
  await expect(six).not.toContainText('1.16.0');
  await shown.getByRole('button', { name: /^Open a Terminal/ }).click();
  const terminal = page.locator('.jp-Terminal:visible');
  await expect(terminal).toBeVisible();
  // What a terminal draws is no text of the page, so that a file says it.
  const said = join(PROJECT, 'said.txt');
  await terminal.locator('.xterm-helper-textarea').focus();
  await page.keyboard.type('echo $VIRTUAL_ENV > said.txt');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => (existsSync(said) ? readFileSync(said, 'utf-8').trim() : ''))
    .toBe(join(PROJECT, '.venv'));
  await picture(page, 'machine-terminal');
});

test('all that can be done with it is in the menu of its row, and its page is there after a reload', async ({
  page
}) => {
  await openLab(page, ADDRESSES.bare);
  await openFolder(page, 'analysis');
  const row = rowIn(await openPanel(page));
  await row.getByRole('button', { name: /^More actions for / }).click();
  const item = (name: string) =>
    page.locator('.lm-Menu-itemLabel', { hasText: name });
  for (const name of [
    'New Notebook',
    'Open a Terminal',
    'Register Kernel…',
    'Share through conda-store…',
    'Remove Environment…'
  ]) {
    await expect(item(name)).toBeVisible();
  }
  await expect(item('Recreate')).toBeHidden();
  await picture(page, 'machine-menu');
  const saved = page.waitForResponse(
    answer =>
      answer.url().includes('/lab/api/workspaces') &&
      answer.request().method() === 'PUT' &&
      (answer.request().postData() ?? '').includes('conda-store-machine:')
  );
  await item('Open')
    .filter({ hasText: /^Open$/ })
    .click();
  const shown = page.locator('.jp-CondaStore-pageWidget:visible');
  await expect(shown.getByRole('heading', { level: 1 })).toHaveText(
    /^analysis \(\.venv/
  );
  await saved;
  await reloadLab(page);
  await expect(shown.getByRole('heading', { level: 1 })).toHaveText(
    /^analysis \(\.venv/
  );
  await expect(
    shown.getByRole('table', { name: 'Packages', exact: true })
  ).toContainText('six');
});
