/** axe finds nothing serious in what is ours, light and dark. */

import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { openLab, openPanel, picture, rowOf, startInTheme } from './lab';
import { ADDRESSES } from './servers';

/** Let axe look at our own nodes. */
async function check(page: Page, ...selectors: string[]): Promise<void> {
  let builder = new AxeBuilder({ page });
  for (const selector of selectors) {
    builder = builder.include(selector);
  }
  const { violations } = await builder.analyze();
  const found = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`
      )
    );
  expect(found).toEqual([]);
}

for (const shade of ['Light', 'Dark']) {
  const theme = `JupyterLab ${shade}`;

  test(`the list and the status bar, ${shade}`, async ({ page, request }) => {
    await startInTheme(request, ADDRESSES.store, theme);
    try {
      await openLab(page, ADDRESSES.store);
      const panel = await openPanel(page);
      await rowOf(panel, 'default/minimal').click();
      const build = panel.getByRole('treeitem', { name: /^Build/ });
      await expect(build.first()).toBeVisible();
      await expect(rowOf(panel, 'default/broken')).toContainText(/no.such/);
      await rowOf(panel, 'default/data').hover();
      await check(page, '#conda-store-panel', '.jp-CondaStore-statusItem');
      await picture(page, `list-${shade.toLowerCase()}`);
    } finally {
      await startInTheme(request, ADDRESSES.store, 'JupyterLab Light');
    }
  });

  for (const name of ['bare', 'cut'] as const) {
    test(`without a server (${name}), ${shade}`, async ({ page, request }) => {
      await startInTheme(request, ADDRESSES[name], theme);
      try {
        await openLab(page, ADDRESSES[name]);
        const panel = await openPanel(page);
        await expect(
          panel.locator('.jp-CondaStore-setup, .jp-CondaStore-notice').first()
        ).toBeVisible();
        await check(page, '#conda-store-panel');
        await picture(page, `${name}-${shade.toLowerCase()}`);
      } finally {
        await startInTheme(request, ADDRESSES[name], 'JupyterLab Light');
      }
    });
  }
}
