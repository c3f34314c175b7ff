/** The main job with token and XSRF check on: from the panel to a cell that runs in the environment. */

import { expect, test } from '@playwright/test';
import {
  openLab,
  openPanel,
  picture,
  removeCopies,
  resizeSidebar
} from './lab';
import { ADDRESSES } from './servers';

test('a person launches an environment and runs a cell in it', async ({
  page,
  request
}) => {
  await removeCopies(request, ADDRESSES.store);
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await expect(
    panel.getByRole('treeitem', { name: /^default\/minimal/ })
  ).toBeVisible();
  await picture(page, 'list');

  await panel.getByRole('searchbox').fill('mini');
  await expect(
    panel.getByRole('treeitem', { name: /^default\/data/ })
  ).toBeHidden();
  await picture(page, 'search');

  const row = panel.getByRole('treeitem', { name: /^default\/minimal/ });
  await panel.getByRole('button', { name: 'Launch default/minimal' }).click();
  await expect(panel.getByRole('progressbar')).toBeVisible();
  await expect(row).toHaveAccessibleName(/downloading|connecting/);
  await picture(page, 'downloading');
  await expect(row).toHaveAccessibleName(/ready/, { timeout: 120_000 });

  const notebook = page.locator('.jp-NotebookPanel');
  await expect(notebook).toBeVisible();
  await expect(notebook.locator('.jp-KernelName')).toContainText(
    'default/minimal'
  );
  await expect(
    notebook.locator('.jp-Notebook-ExecutionIndicator')
  ).toHaveAttribute('data-status', 'idle');
  const cell = notebook.locator('.jp-Cell .cm-content').first();
  await cell.click();
  await page.keyboard.type('import sys; print(sys.prefix)');
  await page.keyboard.press('Shift+Enter');
  const output = notebook.locator('.jp-OutputArea-output').first();
  await expect(output).toContainText('/conda-store/v1/');
  await picture(page, 'notebook');
});

test('an environment brings its packages along', async ({ page }) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await resizeSidebar(page, 320);
  await panel.getByRole('button', { name: 'Launch default/data' }).click();
  const notebook = page.locator('.jp-NotebookPanel');
  await expect(notebook.locator('.jp-KernelName')).toContainText(
    'default/data',
    { timeout: 200_000 }
  );
  await expect(
    notebook.locator('.jp-Notebook-ExecutionIndicator')
  ).toHaveAttribute('data-status', 'idle');
  await notebook.locator('.jp-Cell .cm-content').first().click();
  await page.keyboard.insertText(
    [
      'import sys',
      'import pandas as pd',
      '',
      'print(sys.prefix)',
      'pd.DataFrame({"planet": ["Venus", "Earth", "Mars"], "moons": [0, 1, 2]})'
    ].join('\n')
  );
  await page.keyboard.press('Shift+Enter');
  await expect(notebook.locator('.jp-RenderedHTML table')).toContainText(
    'Mars'
  );
  await expect(notebook.locator('.jp-OutputArea').first()).toContainText(
    '/conda-store/v1/'
  );
  await picture(page, 'readme');
});
