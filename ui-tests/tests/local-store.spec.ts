/** Somebody who has no conda-store starts one from the panel, and stops it again. */

import { expect } from '@playwright/test';
import { test } from './browser';
import { openLab, openPanel, picture, removeCopies } from './lab';
import { ADDRESSES } from './servers';

test('a local store is started, used and stopped', async ({
  page,
  request
}) => {
  test.setTimeout(600_000);
  await openLab(page, ADDRESSES.bare);
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Start a local store' }).click();
  await expect(panel.getByRole('progressbar')).toBeVisible();
  await picture(page, 'local-store-starting');

  await expect(panel).toContainText('No environments yet', {
    timeout: 600_000
  });
  await expect(panel).toContainText(
    /Local store \((conda-forge|local channel)\)/
  );
  await picture(page, 'local-store-empty');

  await page.keyboard.press('Control+Shift+C');
  await page.locator('.lm-CommandPalette-input').fill('local store');
  await picture(page, 'palette');
  await page.getByText('Stop the Local Store').click();
  await expect(
    panel.getByRole('button', { name: 'Start a local store' })
  ).toBeVisible();
  await removeCopies(request, ADDRESSES.bare);
});
