/** The browser that the tests share: what it has loaded of JupyterLab once is there for the next page. */

import { test as base, type BrowserContext } from '@playwright/test';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ADDRESSES } from './servers';

interface IShared {
  /** The browser with a profile of its own, of which only the cache passes from test to test. */
  profile: BrowserContext;
}

/** The stores in which a page keeps something in the browser. */
const KEPT = 'local_storage,indexeddb,service_workers';

/** Forget what pages of the servers have kept. */
async function forget(profile: BrowserContext): Promise<void> {
  await profile.clearCookies();
  const session = await profile.newCDPSession(profile.pages()[0]);
  for (const origin of Object.values(ADDRESSES)) {
    await session.send('Storage.clearDataForOrigin', {
      origin,
      storageTypes: KEPT
    });
  }
  await session.detach();
}

export const test = base.extend<object, IShared>({
  profile: [
    async ({ playwright, launchOptions }, use, { project }) => {
      const folder = mkdtempSync(join(tmpdir(), 'conda-store-labext-browser-'));
      const { viewport, locale, actionTimeout } = project.use;
      const profile = await playwright.chromium.launchPersistentContext(
        folder,
        { ...launchOptions, viewport, locale }
      );
      profile.setDefaultTimeout(actionTimeout!);
      await use(profile);
      await profile.close();
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker' }
  ],
  context: async ({ profile }, use) => {
    await forget(profile);
    await use(profile);
    // The empty page that a profile begins with stays: the browser ends with its last one.
    for (const page of profile.pages().slice(1)) {
      await page.close();
    }
  }
});
