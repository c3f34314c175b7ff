/** The browser tests: one browser, one test at a time, against servers started by `serve.py`. */

import { defineConfig } from '@playwright/test';
import { existsSync } from 'fs';
import { ADDRESSES, PLACES, RUNNING } from './tests/servers';

/** An installed Chromium; Playwright's own where there is none. */
const chromium = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome'
].find(path => path && existsSync(path));

export default defineConfig({
  testDir: 'tests',
  fullyParallel: false,
  workers: 1,
  timeout: 1_800_000,
  expect: { timeout: 300_000, toPass: { timeout: 300_000 } },
  reporter: [
    ['list'],
    ['html', { open: 'never', outputFolder: 'playwright-report' }]
  ],
  use: {
    actionTimeout: 300_000,
    viewport: { width: 1400, height: 900 },
    locale: 'en-GB',
    // A trace makes each test take half as long again: --trace retain-on-failure brings it.
    trace: 'off',
    screenshot: 'only-on-failure',
    video: 'off',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  },
  webServer: {
    command: `python serve.py '${JSON.stringify(PLACES)}'`,
    url: `${ADDRESSES.store}/api`,
    timeout: 1_200_000,
    reuseExistingServer: RUNNING,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 60_000 },
    stdout: 'pipe'
  }
});
