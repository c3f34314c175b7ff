/** Lists that are hard to show: long ones, and names and states of every kind. */

import { expect } from '@playwright/test';
import { accessible } from './accessible';
import { test } from './browser';
import { openLab, openPanel, picture } from './lab';
import { listing, row } from './listing';
import { ADDRESSES } from './servers';

test('312 environments are all there', async ({ page }) => {
  const rows = Array.from({ length: 312 }, (_, index) =>
    row(
      `team-${Math.floor(index / 120)}`,
      `environment-${String(index).padStart(3, '0')}`,
      index
    )
  );
  await listing(page, rows);
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await expect(panel.getByText('312 environments')).toBeVisible();
  await picture(page, 'long-list');
  const first = panel.getByRole('treeitem').first();
  await first.focus();
  await page.keyboard.press('End');
  const last = panel.getByRole('treeitem', { name: /environment-311/ });
  await expect(last).toBeFocused();
  await picture(page, 'long-list-end');
});

test('names and states of every kind', async ({ page }) => {
  await listing(page, [
    row('default', '数据分析环境', 1),
    row('default', 'بيئة-تحليل-البيانات', 2),
    row('default', 'x'.repeat(200), 3),
    row('default', 'queued', 4, {
      status: null,
      current_build_id: null,
      launchable: false,
      running_build_id: 9,
      running_status: 'QUEUED'
    }),
    row('default', 'building', 5, {
      status: null,
      current_build_id: null,
      launchable: false,
      running_build_id: 10,
      running_status: 'BUILDING'
    }),
    row('default', 'rebuilding', 6, {
      running_build_id: 11,
      running_status: 'BUILDING'
    }),
    row('default', 'cancelled', 7, { status: 'CANCELED', launchable: false }),
    row('default', 'deleted', 8, { launchable: false }),
    row('default', 'new', 9, {
      status: null,
      current_build_id: null,
      launchable: false
    }),
    row('a-namespace-with-a-name-that-takes-all-of-the-width', 'short', 10)
  ]);
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await expect(
    panel.getByRole('treeitem', { name: /rebuilding, .*build 11 building/ })
  ).toBeVisible();
  await accessible(page, '#conda-store-panel');
  await picture(page, 'names-and-states');
});
