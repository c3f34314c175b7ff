/** An environment's page, as a person reads it. */

import { expect } from '@playwright/test';
import { accessible } from './accessible';
import { test } from './browser';
import { Forwarder } from './forwarder';
import { openLab, openPanel, picture, removeCopies } from './lab';
import { builds, opened, openPage, PAGE, showTab } from './page';
import { ADDRESSES } from './servers';

test.describe.configure({ mode: 'serial' });

test('builds, packages, specification, log and changes are there to be read', async ({
  page,
  request
}) => {
  await removeCopies(request, ADDRESSES.store);
  await openLab(page, ADDRESSES.store);
  const view = await openPage(page, 'minimal');
  await expect(builds(view)).toHaveCount(2);
  await expect(builds(view).first()).toHaveAccessibleName(
    /^Build \d+, active, completed/
  );
  await expect(builds(view).first()).toContainText(/took \d+/);
  const saved = page.waitForEvent('download');
  await builds(view).first().getByRole('link', { name: 'lockfile' }).click();
  expect((await saved).suggestedFilename()).toContain('minimal');
  await picture(page, 'page-builds');
  await accessible(page, PAGE);

  await showTab(view, 'Packages');
  await expect(view.getByRole('table')).toContainText('ipykernel');
  await picture(page, 'page-packages');
  await accessible(page, PAGE);
  await view.getByRole('searchbox').fill('ipyk');
  await expect(view.getByRole('row')).toHaveCount(2);
  await expect(view.getByText('1 package', { exact: true })).toBeVisible();
  await view.getByRole('searchbox').fill('no such thing');
  await expect(view).toContainText('No package of this build matches.');

  await showTab(view, 'Specification');
  await expect(view.getByRole('region')).toContainText('- ipykernel');
  await picture(page, 'page-specification');
  await accessible(page, PAGE);

  await showTab(view, 'Log');
  await expect(view.getByRole('log')).toContainText(/\S+/);

  await showTab(view, 'Changes');
  await expect(view.getByRole('table')).toContainText('ipykernel');
  await expect(view.getByLabel('Changes of the specification')).toContainText(
    '+- ipykernel'
  );
  await picture(page, 'page-changes');
  await accessible(page, PAGE);
});

test('a failed build says why, and its log shows the first error', async ({
  page
}) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await panel
    .getByRole('treeitem', { name: /^default\/broken,/ })
    .click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Open', exact: true }).click();
  const view = await opened(page, 'broken');
  await expect(builds(view).first()).toContainText('no-such-package-anywhere');
  await picture(page, 'page-failed');
  await accessible(page, PAGE);
  await builds(view)
    .first()
    .getByRole('button', { name: /^Show log/ })
    .click();
  await expect(view.getByRole('alert')).toContainText('First error');
  await view.getByRole('button', { name: 'Jump to it' }).click();
  await expect(view.locator('mark')).toBeInViewport();
  await picture(page, 'page-log-failed');
  await accessible(page, PAGE);
});

test('who may only look sees no actions', async ({ page }) => {
  await openLab(page, ADDRESSES.viewer);
  const view = await openPage(page, 'minimal');
  await expect(
    view.getByRole('button', { name: 'Launch build' }).first()
  ).toBeVisible();
  await expect(
    view.getByRole('button', { name: /Delete|Rebuild|active one|Edit/ })
  ).toHaveCount(0);
  await expect(
    page
      .locator('.jp-Toolbar:visible')
      .getByRole('button', { name: 'You may not delete this environment.' })
  ).toBeVisible();
  await picture(page, 'page-viewer');
  await accessible(page, PAGE);
});

test('the server goes away and comes back while the page is open', async ({
  page
}) => {
  const forwarder = new Forwarder();
  await forwarder.up();
  try {
    await openLab(page, ADDRESSES.cut);
    const view = await openPage(page, 'minimal');
    await expect(builds(view).first()).toBeVisible();
    await forwarder.down();
    await page
      .locator('.jp-Toolbar:visible')
      .getByRole('button', { name: 'Look at the server again' })
      .click();
    await expect(view.getByRole('alert')).toContainText('Not connected');
    await expect(builds(view).first()).toBeVisible();
    await picture(page, 'page-disconnected');
    await accessible(page, PAGE);
    await forwarder.up();
    await expect(view.getByRole('alert')).toBeHidden();
  } finally {
    await forwarder.down();
  }
});

test('the page is there again after a reload', async ({ page }) => {
  await openLab(page, ADDRESSES.store);
  const view = await openPage(page, 'minimal');
  await showTab(view, 'Packages');
  await expect(view.getByRole('table')).toContainText('python');
  const workspaces = `${ADDRESSES.store}/lab/api/workspaces`;
  await expect(async () => {
    const answer = await page.request.get(workspaces);
    expect(await answer.text()).toContain('conda-store-page');
  }).toPass();
  await page.goto(`${ADDRESSES.store}/lab`);
  await expect(
    page.locator('.jp-CondaStore-page').getByRole('heading', { level: 1 })
  ).toHaveText('default/minimal');
});
