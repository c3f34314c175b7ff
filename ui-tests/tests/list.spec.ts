/** The list at scale, what stands on top of it, and what tells of it elsewhere, on the real conda-store. */

import { expect } from '@playwright/test';
import { accessible } from './accessible';
import { test } from './browser';
import {
  ask,
  openLab,
  openPanel,
  picture,
  pressInRow,
  reloadLab,
  resizeSidebar,
  rowOf,
  setSetting
} from './lab';
import { CAN_SEED, seed, unseed } from './seeds';
import { ADDRESSES } from './servers';

const ENVIRONMENTS = /\/conda-store\/environments\?/;

test.describe.configure({ mode: 'serial' });

test.describe('with ten thousand environments', () => {
  test.skip(() => !CAN_SEED(), 'The conda-store is from elsewhere.');
  test.beforeAll(() => seed(10_000));
  test.afterAll(() => unseed());

  test('they are searched, scrolled and walked, and only what is seen is fetched', async ({
    page
  }) => {
    let fetched = 0;
    page.on('request', request => {
      fetched += ENVIRONMENTS.test(request.url()) ? 1 : 0;
    });
    await openLab(page, ADDRESSES.store);
    const panel = await openPanel(page);
    const rows = panel.getByRole('treeitem');
    await expect(panel.getByText(/^100\d\d environments$/)).toBeVisible();
    await expect(rowOf(panel, 'default/data')).toBeVisible();
    await picture(page, 'ten-thousand');
    expect(await rows.count()).toBeLessThan(120);

    await rows.first().focus();
    await page.keyboard.press('End');
    const last = panel.locator(':focus');
    await expect(last).toHaveAccessibleName(/^seeded-39\/.*-\d{5},/);
    await expect(last).toHaveAttribute('aria-posinset', '250');
    await expect(last).toHaveAttribute('aria-setsize', '250');
    const name = await last.getAttribute('aria-label');

    // The focus stays with its row when that scrolls away, and the next key goes on from there.
    const scroll = panel.locator('.jp-CondaStore-scroll');
    await scroll.evaluate(node => node.scrollTo(0, node.scrollHeight / 2));
    await expect(panel.getByRole('treeitem', { name: 'Loading…' })).toHaveCount(
      0
    );
    await expect(panel.locator(':focus')).toHaveAccessibleName(name!);
    await page.keyboard.press('ArrowUp');
    await expect(panel.locator(':focus')).toHaveAttribute(
      'aria-posinset',
      '249'
    );
    await expect(panel.locator(':focus')).toBeInViewport();
    expect(await rows.count()).toBeLessThan(120);
    expect(fetched).toBeLessThan(12);

    // A refresh keeps place and focus.
    const before = await scroll.evaluate(node => node.scrollTop);
    await Promise.all([
      page.waitForResponse(/\/conda-store\/namespaces/),
      panel.getByRole('button', { name: 'Refresh the environments' }).click()
    ]);
    expect(await scroll.evaluate(node => node.scrollTop)).toBe(before);

    const box = panel.getByRole('searchbox');
    await box.pressSequentially('-00042');
    await expect(
      panel.getByText('1 environment', { exact: true })
    ).toBeVisible();
    await expect(
      panel.getByRole('treeitem', { name: /-00042,/ })
    ).toBeVisible();
    await picture(page, 'search-ten-thousand');
    await box.press('Escape');
    await expect(panel.getByText(/^100\d\d environments$/)).toBeVisible();
  });

  test('folding is remembered, and what is folded is not fetched', async ({
    page
  }) => {
    await openLab(page, ADDRESSES.store);
    const panel = await openPanel(page);
    const space = panel.getByRole('treeitem', { name: 'default', exact: true });
    await space.click();
    await expect(space).toHaveAttribute('aria-expanded', 'false');
    await expect(rowOf(panel, 'default/data')).toHaveCount(0);
    // The state is written a moment after the change.
    await page.waitForResponse(
      answer =>
        answer.url().includes('/lab/api/workspaces') &&
        answer.request().method() === 'PUT'
    );
    await reloadLab(page);
    await openPanel(page);
    await expect(space).toHaveAttribute('aria-expanded', 'false');
    await space.click();
    await expect(rowOf(panel, 'default/data')).toBeVisible();
  });
});

test('a favourite stands on top, here and after a reload', async ({
  page,
  request
}) => {
  await setSetting(request, ADDRESSES.store, {});
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  // In a narrow sidebar the star is in the menu.
  await resizeSidebar(page, 400);
  await Promise.all([
    page.waitForResponse(
      answer =>
        answer.url().includes('/lab/api/settings') &&
        answer.request().method() === 'PUT'
    ),
    pressInRow(
      rowOf(panel, 'default/minimal'),
      'Add default/minimal to the favourites'
    )
  ]);
  const head = panel.getByRole('treeitem', { name: 'Favourites' });
  await expect(head).toBeVisible();
  await expect(rowOf(panel, 'default/minimal')).toHaveCount(2);
  await picture(page, 'favourites');
  await reloadLab(page);
  await openPanel(page);
  await expect(head).toBeVisible();
  await pressInRow(
    rowOf(panel, 'default/minimal').first(),
    'Remove default/minimal from the favourites'
  );
  await expect(head).toHaveCount(0);
});

test('settings take effect at once', async ({ page, request }) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await expect(rowOf(panel, 'default/broken')).toBeVisible();
  await page.keyboard.press('Control+,');
  await page.locator('.jp-PluginList').getByText('Conda-store').click();
  await page.getByLabel('Only what can be launched').check();
  await expect(rowOf(panel, 'default/broken')).toHaveCount(0);
  await expect(rowOf(panel, 'default/data')).toBeVisible();
  await expect(panel).toContainText('filtered by the settings');
  await picture(page, 'settings');
  await setSetting(request, ADDRESSES.store, {});
});

test('a build that ends is told, and its row is up to date', async ({
  page
}) => {
  // The end of a build is made up: a real one would take this test half a minute.
  let done = false;
  await page.route(ENVIRONMENTS, async route => {
    const answer = await route.fetch();
    const body = await answer.json();
    for (const row of body.environments) {
      if (row.name === 'data' && !done) {
        Object.assign(row, { running_build_id: 999, running_status: 'QUEUED' });
      }
    }
    await route.fulfill({ json: body });
  });
  await page.route(/\/conda-store\/builds\/999(\?|$)/, route =>
    route.fulfill({
      json: {
        id: 999,
        environment_id: 1,
        namespace: 'default',
        environment: 'data',
        status: done ? 'FAILED' : 'QUEUED',
        scheduled_on: '2026-01-01T00:00:00',
        started_on: null,
        ended_on: null,
        size: 0,
        artifacts: [],
        launchable: false,
        reason: done ? 'nothing provides nonesuch' : null
      }
    })
  );
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  const row = rowOf(panel, 'default/data');
  await expect(row).toContainText('build 999 queued');
  await expect(row).toContainText('waiting since');
  const status = page.getByRole('button', { name: /^Conda-store, connected/ });
  await expect(status).toContainText('1 build running');
  await picture(page, 'queued');
  done = true;
  const toast = page.locator('.Toastify__toast');
  await expect(toast).toContainText(
    'Build 999 of default/data failed. nothing provides nonesuch'
  );
  await expect(toast.getByRole('button', { name: 'Show log' })).toBeVisible();
  await expect(row).not.toContainText('build 999');
  await expect(status).not.toContainText('running');
  await picture(page, 'build-ended');
});

test('the status bar tells how things stand, and opens the panel', async ({
  page
}) => {
  await openLab(page, ADDRESSES.cut);
  const status = page.getByRole('button', { name: /^Conda-store, not conn/ });
  await expect(status).toContainText('not connected');
  await status.click();
  await expect(page.locator('#conda-store-panel')).toBeVisible();
  await page.keyboard.press('Control+b');
  await expect(page.locator('#conda-store-panel')).toBeHidden();
  await page.keyboard.press('Alt+Shift+C');
  await expect(page.locator('#conda-store-panel')).toBeVisible();
});

test('an empty namespace is deleted, and no other', async ({
  page,
  request
}) => {
  const namespaces = `${ADDRESSES.store}/conda-store/namespaces`;
  await ask(request, 'POST', namespaces, { name: 'spare-space' });
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  const row = panel.getByRole('treeitem', { name: /^spare-space/ });
  await expect(row).toHaveAccessibleName('spare-space, no environments');
  const entry = page.getByRole('menuitem', { name: /^Delete the Namespace/ });
  await panel
    .getByRole('treeitem', { name: 'default', exact: true })
    .click({ button: 'right' });
  await expect(entry).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Escape');

  await row.click({ button: 'right' });
  await picture(page, 'namespace-menu');
  await page.keyboard.press('Escape');
  await row.focus();
  await page.keyboard.press('Delete');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Delete the namespace spare-space?');
  await picture(page, 'namespace-delete');
  await accessible(page, '#conda-store-panel', '.jp-Dialog');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(row).toHaveCount(0);
  const left = (await ask(request, 'GET', namespaces)) as {
    namespaces: { name: string }[];
  };
  expect(left.namespaces.map(({ name }) => name)).not.toContain('spare-space');
});
