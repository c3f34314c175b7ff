/** axe finds nothing serious in what is ours, light and dark. */

import { expect, test } from '@playwright/test';
import { accessible } from './accessible';
import { openLab, openPanel, picture, rowOf, startInTheme } from './lab';
import { ADDRESSES } from './servers';

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
      await accessible(page, '#conda-store-panel', '.jp-CondaStore-statusItem');
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
        await accessible(page, '#conda-store-panel');
        await picture(page, `${name}-${shade.toLowerCase()}`);
      } finally {
        await startInTheme(request, ADDRESSES[name], 'JupyterLab Light');
      }
    });
  }
}
