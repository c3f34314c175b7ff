/** axe finds nothing serious in the list and in the status bar; the other states are looked at where they are tested. */

import { expect } from '@playwright/test';
import { accessible } from './accessible';
import { test } from './browser';
import { openLab, openPanel, picture, rowOf } from './lab';
import { ADDRESSES } from './servers';

test('the list and the status bar', async ({ page }) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await rowOf(panel, 'default/minimal').click();
  const build = panel.getByRole('treeitem', { name: /^Build/ });
  await expect(build.first()).toBeVisible();
  await expect(rowOf(panel, 'default/broken')).toContainText(/no.such/);
  await rowOf(panel, 'default/data').hover();
  await accessible(page, '#conda-store-panel', '.jp-CondaStore-statusItem');
  await picture(page, 'list-and-builds');
});
