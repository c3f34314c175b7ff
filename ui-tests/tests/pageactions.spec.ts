/** The changes made on an environment's page: the active build, the description, builds, the environment itself. */

import { expect } from '@playwright/test';
import { accessible } from './accessible';
import { test } from './browser';
import { ask, copies, openLab, picture } from './lab';
import { builds, openPage, PAGE, showTab } from './page';
import { ADDRESSES } from './servers';

test.describe.configure({ mode: 'serial' });

test('the active build is rolled back, and put right again', async ({
  page
}) => {
  await openLab(page, ADDRESSES.store);
  const view = await openPage(page, 'minimal');
  const dialog = page.getByRole('dialog');
  await expect(builds(view).nth(0)).toHaveAccessibleName(/active/);
  await builds(view)
    .nth(1)
    .getByRole('button', { name: /the active one/ })
    .click();
  await expect(dialog).toContainText('Roll default/minimal back to build');
  await picture(page, 'page-roll-back');
  await accessible(page, '.jp-Dialog');
  await dialog.getByRole('button', { name: 'Roll back' }).click();
  await expect(builds(view).nth(1)).toHaveAccessibleName(/active/);
  await builds(view)
    .nth(0)
    .getByRole('button', { name: /the active one/ })
    .click();
  await dialog.getByRole('button', { name: 'Set active' }).click();
  await expect(builds(view).nth(0)).toHaveAccessibleName(/active/);
});

test('the description is edited in its place', async ({ page }) => {
  await openLab(page, ADDRESSES.store);
  const view = await openPage(page, 'minimal');
  await view.getByRole('button', { name: 'Edit the description' }).click();
  const box = view.getByRole('textbox', { name: 'Description' });
  await box.fill('Python alone, for a try <b>or two</b>');
  await picture(page, 'page-description');
  await accessible(page, PAGE);
  await page.keyboard.press('Control+Enter');
  await expect(view.locator('header')).toContainText('<b>or two</b>');
  await expect(box).toBeHidden();
});

test('a rebuild is followed, cannot be cancelled here, and is deleted', async ({
  page,
  request
}) => {
  await openLab(page, ADDRESSES.store);
  const view = await openPage(page, 'minimal');
  const dialog = page.getByRole('dialog');
  const rebuild = builds(view)
    .filter({ hasText: 'Build 1' })
    .getByRole('button', { name: /^Rebuild/ });
  await expect(rebuild).toBeVisible();
  const before = await builds(view).count();
  const active = await builds(view)
    .filter({ has: page.getByText('active', { exact: true }) })
    .getAttribute('aria-label');
  const name = new RegExp(`^${active!.split(',')[0]},`);
  await rebuild.click();
  await expect(builds(view)).toHaveCount(before + 1);
  const build = builds(view).first();
  await expect(build).toHaveAccessibleName(/queued|building/);
  await build.getByRole('button', { name: /^Cancel build/ }).click();
  await dialog.getByRole('button', { name: 'Cancel the build' }).click();
  await expect(view.getByRole('alert')).toBeVisible();
  await picture(page, 'page-building');
  await accessible(page, PAGE);
  await view.getByRole('button', { name: 'Dismiss' }).click();
  await build.getByRole('button', { name: /^Show log/ }).click();
  await expect(view.getByRole('log')).toContainText(/\S+/);
  await picture(page, 'page-log-growing');
  await accessible(page, PAGE);
  await showTab(view, 'Builds');
  await expect(build).toHaveAccessibleName(/completed/, { timeout: 600_000 });

  // The newest build that was completed is the active one: put the one before it back.
  await expect(build).toHaveAccessibleName(/active/);
  const old = view.getByRole('listitem', { name });
  await old.getByRole('button', { name: /the active one/ }).click();
  await dialog.getByRole('button', { name: 'Roll back' }).click();
  await expect(old).toHaveAccessibleName(/active/);

  // Its copy here goes with it, if that is asked for.
  const label = await build.getAttribute('aria-label');
  const id = Number(/\d+/.exec(label!)![0]);
  const copy = { namespace: 'default', environment: 'minimal', build_id: id };
  const route = `${ADDRESSES.store}/conda-store/copies`;
  // conda-store goes on packing after it has called a build completed
  await expect(() => ask(request, 'POST', route, copy)).toPass();
  await expect(build).toContainText('on this machine', {
    timeout: 600_000
  });
  await build.getByRole('button', { name: /^Delete build/ }).click();
  await expect(dialog).toContainText(`Its copy on this machine, build ${id},`);
  await dialog.getByText('Remove its copy from this machine too').click();
  await picture(page, 'page-delete-build');
  await accessible(page, '.jp-Dialog');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect
    .poll(async () => {
      const left = await copies(request, ADDRESSES.store);
      return left.map(({ build_id }) => build_id);
    })
    .not.toContain(id);
  // conda-store goes on listing it.
  await expect(build).toContainText('deleted');
  await expect(build).not.toContainText('being deleted');
  await expect(
    build.getByRole('button', { name: /^Delete|active one/ })
  ).toHaveCount(0);
  await picture(page, 'page-deleted-build');
  await accessible(page, PAGE);
});

test('an environment is deleted, and its page goes', async ({
  page,
  request
}) => {
  await ask(request, 'POST', `${ADDRESSES.store}/conda-store/builds`, {
    namespace: 'default',
    specification:
      'name: spare\nchannels: [conda-forge]\ndependencies: [no-such-package]\n'
  });
  await openLab(page, ADDRESSES.store);
  const view = await openPage(page, 'spare');
  await expect(builds(view).first()).toHaveAccessibleName(/failed/);
  await page
    .locator('.jp-Toolbar:visible')
    .getByRole('button', { name: 'Delete the environment…' })
    .click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Delete the environment default/spare?');
  await expect(dialog).toContainText('its 1 build');
  await expect(dialog).toContainText('Nothing of it lies on this machine.');
  await picture(page, 'page-delete-environment');
  await accessible(page, '.jp-Dialog');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(view).toBeHidden();
  await expect(
    page.getByRole('treeitem', { name: /^default\/spare/ })
  ).toBeHidden();
});
