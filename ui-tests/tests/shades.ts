/** A page in the light and in the dark, without a reload and without the menu between them. */

import type { Page } from '@playwright/test';

/** The sheet of JupyterLab's dark theme, as the server has it. */
const SHEET = 'lab/api/themes/@jupyterlab/theme-dark-extension/index.css';

/** The mark of the sheet that was added here. */
const MARK = 'in-the-dark';

/** Do something while a page looks as in JupyterLab's dark theme; not at all where it does anyway. */
export async function inTheDark(
  page: Page,
  act: () => Promise<void>
): Promise<void> {
  const dark = await page.evaluate(
    async ({ sheet, mark }) => {
      const { dataset } = document.body;
      if (dataset.jpThemeLight !== 'true') {
        return false;
      }
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.dataset.mark = mark;
      link.href = new URL(sheet, `${location.origin}/`).href;
      await new Promise((done, failed) => {
        link.onload = done;
        link.onerror = failed;
        document.body.append(link);
      });
      dataset.jpThemeLight = 'false';
      dataset.jpThemeName = 'JupyterLab Dark';
      // JupyterLab's buttons work out their colours anew in the frames that follow.
      await new Promise(done =>
        requestAnimationFrame(() => requestAnimationFrame(done))
      );
      return true;
    },
    { sheet: SHEET, mark: MARK }
  );
  if (!dark) {
    return;
  }
  try {
    await act();
  } finally {
    await page.evaluate(async mark => {
      document.querySelector(`link[data-mark="${mark}"]`)?.remove();
      document.body.dataset.jpThemeLight = 'true';
      document.body.dataset.jpThemeName = 'JupyterLab Light';
      await new Promise(done =>
        requestAnimationFrame(() => requestAnimationFrame(done))
      );
    }, MARK);
  }
}
