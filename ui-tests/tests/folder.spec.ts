/** New notebooks of a folder start on the environment that the folder, or the setting, says. */

import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { test } from './browser';
import {
  ask,
  endKernels,
  newNotebook,
  openPanel,
  removeCopies,
  rowOf,
  runCell,
  setSetting
} from './lab';
import { ADDRESSES, PLACES, TOKEN } from './servers';

const server = ADDRESSES.store;
const work = join(PLACES.folder, 'store', 'work');
const FOLDERS = ['by-file', 'by-setting'];

/** Open JupyterLab with a folder in the file browser. */
async function openFolder(page: Page, folder: string): Promise<void> {
  await page.goto(`${server}/lab/tree/${folder}?reset&token=${TOKEN}`);
  await expect(page.locator('.jp-Launcher')).toBeVisible();
  await expect(page.locator('#jupyterlab-splash')).toBeHidden();
  await expect(
    page.locator('.jp-FileBrowser-crumbs').getByText(folder)
  ).toBeVisible();
}

/** The notebook runs on that kernel, and nobody was asked. */
async function runsOn(
  page: Page,
  notebook: Locator,
  kernel: string
): Promise<void> {
  await expect(notebook.locator('.jp-KernelName')).toContainText(kernel, {
    timeout: 600_000
  });
  await expect(page.locator('.jp-Dialog')).toHaveCount(0);
}

/** Say what new notebooks start on: the contents service writes no hidden files. */
function say(environment: string): void {
  const file = join(work, 'by-file', '.conda-store.yml');
  writeFileSync(file, `environment: ${environment}\n`);
}

test.beforeAll(() => {
  FOLDERS.forEach(folder => mkdirSync(join(work, folder), { recursive: true }));
});

test.afterEach(async ({ request }) => {
  await endKernels(request, server);
  await setSetting(request, server, {});
});

test.afterAll(() => {
  FOLDERS.forEach(folder =>
    rmSync(join(work, folder), { recursive: true, force: true })
  );
});

test('a new notebook starts on what the folder’s file says, unless a kernel is chosen', async ({
  page,
  request
}) => {
  await removeCopies(request, server);
  say('default/minimal');
  await openFolder(page, 'by-file');
  const notebook = await newNotebook(page);
  await runsOn(page, notebook, 'default/minimal');
  await runCell(page, notebook, 'import sys; print(sys.base_prefix)');
  await expect(notebook.locator('.jp-OutputArea-output').first()).toContainText(
    '/conda-store/v1/'
  );

  await page.getByRole('button', { name: 'New Launcher', exact: true }).click();
  await page
    .locator('.jp-LauncherCard[data-category="Notebook"]:visible')
    .filter({ hasText: 'ipykernel' })
    .click();
  await runsOn(page, notebook, 'Python 3 (ipykernel)');

  // One that is not there: a sentence, and JupyterLab asks as ever.
  say('default/not-there');
  await newNotebook(page);
  await expect(
    page.locator('.jp-Dialog', { hasText: 'Select Kernel' })
  ).toBeVisible();
  await expect(page.getByText('default/not-there: ').first()).toBeVisible();
});

test('the setting says it, too; the toolbar tells the build of a kernel that follows the active one', async ({
  page,
  request
}) => {
  const environment = 'default/minimal';
  const { current_build_id: id } = await ask<{ current_build_id: number }>(
    request,
    'GET',
    `${server}/conda-store/environments/${environment}`
  );
  const { name } = await ask<{ name: string }>(
    request,
    'POST',
    `${server}/conda-store/kernels`,
    { namespace: 'default', environment: 'minimal' }
  );
  const follows = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name, display_name: '' } },
    cells: []
  };
  const file = join(work, 'by-setting', 'follows.ipynb');
  writeFileSync(file, JSON.stringify(follows));
  const shown = page.locator(
    `.jp-NotebookPanel:visible .jp-CondaStore-kernel[data-running="${id}"]`
  );
  try {
    await openFolder(page, 'by-setting');
    await page.getByText('follows.ipynb', { exact: true }).dblclick();
    await expect(shown).toHaveText(`${environment} #${id}`, {
      timeout: 600_000
    });
  } finally {
    const kernels = join(PLACES.folder, 'store', 'data', 'kernels');
    rmSync(join(kernels, name), { recursive: true });
  }

  const panel = await openPanel(page);
  await rowOf(panel, environment).click({ button: 'right' });
  await page
    .getByRole('menuitem', { name: 'Use for New Notebooks in This Folder' })
    .click();
  await expect(
    page.getByText(`New notebooks in by-setting start on ${environment}.`)
  ).toBeVisible();
  const notebook = await newNotebook(page);
  await runsOn(page, notebook, `${environment} #${id}`);
});
