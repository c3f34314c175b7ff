/** Every state of the panel, on the real servers where they can be brought into it. */

import { expect } from '@playwright/test';
import { rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { accessible } from './accessible';
import { test } from './browser';
import { Forwarder } from './forwarder';
import {
  launch,
  newNotebook,
  openLab,
  openPanel,
  picture,
  removeCopies
} from './lab';
import { ENVIRONMENTS, listing } from './listing';
import { ADDRESSES, PLACES } from './servers';

/** The panel, for axe. */
const PANEL = '#conda-store-panel';

test('the server can have the panel opened at the start', async ({ page }) => {
  await page.route(/\/lab\?reset/, async route => {
    const answer = await route.fetch();
    const text = await answer.text();
    const option = '"condaStoreOpenPanel": "true"';
    const body = text.replace(
      /(id="jupyter-config-data"[^>]*>\s*\{)/,
      `$1${option},`
    );
    expect(body).toContain(option);
    await route.fulfill({ response: answer, body });
  });
  await openLab(page, ADDRESSES.bare);
  await expect(page.locator('#conda-store-panel')).toBeVisible();
});

test.describe('without a usable server', () => {
  test('nothing is configured', async ({ page }) => {
    await openLab(page, ADDRESSES.bare);
    const panel = await openPanel(page);
    await expect(panel).toContainText('CONDA_STORE_URL');
    await expect(
      panel.getByRole('button', { name: 'Start a local store' })
    ).toBeVisible();
    await accessible(page, PANEL);
    await picture(page, 'not-configured');
  });

  test('a local store cannot run here', async ({ page }) => {
    await page.route('**/conda-store/status*', async route => {
      const answer = await route.fetch();
      const status = await answer.json();
      status.local_store = {
        ...status.local_store,
        state: 'unavailable',
        message:
          "The local store is not installed: run `pip install 'conda-store-labext[local]'` in Jupyter's environment, or set CONDA_STORE_URL to a conda-store server elsewhere."
      };
      await route.fulfill({ json: status });
    });
    await openLab(page, ADDRESSES.bare);
    const panel = await openPanel(page);
    await expect(panel).toContainText(
      'pip install "conda-store-labext[local]"'
    );
    await accessible(page, PANEL);
    await picture(page, 'local-store-unavailable');
  });

  test('the server is away from the start', async ({ page }) => {
    await openLab(page, ADDRESSES.cut);
    const panel = await openPanel(page);
    await expect(panel.getByRole('alert')).toContainText('Not connected');
    await expect(panel.getByRole('button', { name: 'Retry' })).toBeVisible();
    await accessible(page, PANEL);
    await picture(page, 'not-connected');
  });

  test('the server goes away and comes back', async ({ page, request }) => {
    const forwarder = new Forwarder();
    const said = join(PLACES.folder, 'cut', 'work', '.conda-store.yml');
    try {
      await forwarder.up();
      await removeCopies(request, ADDRESSES.cut);
      await openLab(page, ADDRESSES.cut);
      const panel = await openPanel(page);
      await launch(page, panel, 'default/minimal');

      await forwarder.down();
      writeFileSync(said, 'environment: default/minimal\n');
      const notebook = await newNotebook(page);
      await expect(notebook.locator('.jp-KernelName')).toContainText(
        'default/minimal',
        { timeout: 600_000 }
      );
      await panel
        .getByRole('button', { name: 'Refresh the environments' })
        .click();
      await expect(panel.getByRole('alert')).toContainText('Not connected');
      const minimal = panel.getByRole('button', {
        name: 'Launch default/minimal'
      });
      await expect(minimal).toBeVisible();
      await expect(
        panel.getByRole('button', { name: 'Launch default/data' })
      ).toBeHidden();
      await accessible(page, PANEL);
      await picture(page, 'server-gone');
      await minimal.click();
      await expect(
        page.getByRole('tab', { name: /Untitled\d*\.ipynb/ })
      ).toHaveCount(3);

      await forwarder.up();
      await expect(panel.getByRole('alert')).toBeHidden();
      await expect(
        panel.getByRole('button', { name: 'Launch default/data' })
      ).toBeVisible();
    } finally {
      rmSync(said, { force: true });
      await forwarder.down();
    }
  });

  test('the server does not know the token', async ({ page }) => {
    await openLab(page, ADDRESSES.expired);
    const panel = await openPanel(page);
    await expect(panel.getByRole('alert')).toContainText('token');
    await expect(panel.getByRole('progressbar')).toBeHidden();
    await expect(panel.getByText('Loading environments…')).toBeHidden();
    await accessible(page, PANEL);
    await picture(page, 'token-expired');
  });
});

test.describe('with faults that a real server does not have at hand', () => {
  test('the first answer takes its time', async ({ page }) => {
    await page.route(ENVIRONMENTS, () => undefined);
    await openLab(page, ADDRESSES.store);
    const panel = await openPanel(page);
    await expect(panel.getByText('Loading environments…')).toBeAttached();
    await accessible(page, PANEL);
    await picture(page, 'loading');
  });

  test('the server has an error of its own', async ({ page }) => {
    await page.route(ENVIRONMENTS, route =>
      route.fulfill({
        status: 502,
        json: {
          code: 'server_error',
          message:
            'The conda-store server answered with an error (500 Internal Server Error); look into its log.'
        }
      })
    );
    await openLab(page, ADDRESSES.store);
    const panel = await openPanel(page);
    await expect(panel.getByRole('alert')).toContainText('500 Internal');
    await accessible(page, PANEL);
    await picture(page, 'error');
    await page.unroute(ENVIRONMENTS);
    await panel.getByRole('button', { name: 'Retry' }).click();
    await expect(
      panel.getByRole('treeitem', { name: /^default\/data/ })
    ).toBeVisible();
  });

  test('a launch fails', async ({ page, request }) => {
    await removeCopies(request, ADDRESSES.store);
    await page.route(/\/conda-store\/copies(\?|$)/, route =>
      route.request().method() === 'POST'
        ? route.fulfill({
            status: 507,
            json: {
              code: 'disk_full',
              message:
                'The disk that holds the environments is full; free 120 MB and launch again.'
            }
          })
        : route.continue()
    );
    await openLab(page, ADDRESSES.store);
    const panel = await openPanel(page);
    await panel.getByRole('button', { name: 'Launch default/data' }).click();
    await expect(page.getByText(/default\/data: The disk/)).toBeVisible();
    await picture(page, 'launch-failed');
    await page.getByRole('button', { name: 'Show details' }).click();
    await expect(page.getByRole('dialog')).toContainText('disk_full');
    await picture(page, 'launch-failed-details');
  });

  test('a search has no hit', async ({ page }) => {
    await openLab(page, ADDRESSES.store);
    const panel = await openPanel(page);
    await panel.getByRole('searchbox').fill('no such thing');
    await expect(panel).toContainText('No environment matches');
    await accessible(page, PANEL);
    await picture(page, 'no-match');
    await panel.getByRole('button', { name: 'Clear the search' }).click();
    await expect(
      panel.getByRole('treeitem', { name: /^default\/data/ })
    ).toBeVisible();
  });

  test('the server has no environments', async ({ page }) => {
    await listing(page, []);
    await openLab(page, ADDRESSES.store);
    const panel = await openPanel(page);
    await expect(panel).toContainText('No environments yet');
    await accessible(page, PANEL);
    await picture(page, 'empty');
  });
});
