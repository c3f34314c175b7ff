/** The main job with token and XSRF check on: from the panel to a cell that runs in the environment. */

import { expect } from '@playwright/test';
import { test } from './browser';
import {
  launch,
  notebookOn,
  openLab,
  openPanel,
  picture,
  removeCopies,
  resizeSidebar,
  rowOf,
  runCell
} from './lab';
import { ADDRESSES } from './servers';

test('a person launches an environment and runs a cell in it', async ({
  page,
  request
}) => {
  await removeCopies(request, ADDRESSES.store);
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  const row = rowOf(panel, 'default/minimal');
  await expect(row).toBeVisible();
  await picture(page, 'list');

  await panel.getByRole('searchbox').fill('mini');
  await expect(rowOf(panel, 'default/data')).toBeHidden();
  await picture(page, 'search');

  await panel.getByRole('button', { name: 'Launch default/minimal' }).click();
  await expect(panel.getByRole('progressbar')).toBeVisible();
  await expect(row).toHaveAccessibleName(/downloading|connecting/);
  await picture(page, 'downloading');
  await expect(row).toHaveAccessibleName(/ready/, { timeout: 600_000 });

  const notebook = await notebookOn(page, 'default/minimal');
  await runCell(page, notebook, 'import sys; print(sys.base_prefix)');
  const output = notebook.locator('.jp-OutputArea-output').first();
  await expect(output).toContainText('/conda-store/v1/');
  await picture(page, 'notebook');
});

test('an environment brings its packages along', async ({ page }) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await resizeSidebar(page, 320);
  const notebook = await launch(page, panel, 'default/data');
  await runCell(
    page,
    notebook,
    [
      'import sys',
      'import pandas as pd',
      '',
      'print(sys.base_prefix)',
      'pd.DataFrame({"planet": ["Venus", "Earth", "Mars"], "moons": [0, 1, 2]})'
    ].join('\n')
  );
  await expect(notebook.locator('.jp-RenderedHTML table')).toContainText(
    'Mars'
  );
  await expect(notebook.locator('.jp-OutputArea').first()).toContainText(
    '/conda-store/v1/'
  );
  await picture(page, 'readme');
});
