/** The steps of a person in JupyterLab. */

import {
  expect,
  type APIRequestContext,
  type Locator,
  type Page
} from '@playwright/test';
import { join } from 'path';
import { TOKEN } from './servers';
import { inTheDark } from './shades';

/** Sign in with the token and wait for JupyterLab to be there, with a fresh workspace. */
export async function openLab(page: Page, address: string): Promise<void> {
  await page.goto(`${address}/lab?reset&token=${TOKEN}`);
  await expect(page.locator('.jp-Launcher')).toBeVisible();
  await expect(page.locator('#jupyterlab-splash')).toBeHidden();
}

/** Load the page again and wait for JupyterLab to be there, as it was saved last. */
export async function reloadLab(page: Page): Promise<void> {
  await page.reload();
  await expect(page.locator('#jp-main-dock-panel')).toBeVisible();
  await expect(page.locator('#jupyterlab-splash')).toBeHidden();
}

/** Open the panel by its icon in the sidebar. */
export async function openPanel(page: Page): Promise<Locator> {
  const panel = page.locator('#conda-store-panel');
  if (!(await panel.isVisible())) {
    await page.getByRole('tab', { name: 'Conda-store environments' }).click();
  }
  await expect(panel).toBeVisible();
  return panel;
}

/** Make the left sidebar about so many pixels wide. */
export async function resizeSidebar(page: Page, width: number): Promise<void> {
  const handle = page.locator(
    '#jp-main-split-panel > .lm-SplitPanel-handle:not(.lm-mod-hidden)'
  );
  const panel = await page.locator('#conda-store-panel').boundingBox();
  const box = await handle.first().boundingBox();
  if (!panel || !box) {
    throw new Error('There is no sidebar to resize.');
  }
  await page.mouse.move(box.x + box.width / 2, box.y + 300);
  await page.mouse.down();
  await page.mouse.move(panel.x + width, box.y + 300, { steps: 5 });
  await page.mouse.up();
}

/** Choose a theme in the Settings menu. */
export async function setTheme(page: Page, theme: string): Promise<void> {
  await page.getByRole('menuitem', { name: 'Settings', exact: true }).click();
  await page.locator('.lm-Menu-itemLabel', { hasText: /^Theme$/ }).hover();
  await page.locator('.lm-Menu-itemLabel', { hasText: theme }).first().click();
  await expect(page.locator('body')).toHaveAttribute(
    'data-jp-theme-name',
    theme
  );
}

/** The row of an environment that is no favourite. */
export function rowOf(panel: Locator, name: string): Locator {
  return panel.getByRole('treeitem', { name: new RegExp(`^${name},`) });
}

/** Press a button that a row has while the mouse is on it; rows move as long as the list fills. */
export async function pressInRow(row: Locator, name: string): Promise<void> {
  await expect(async () => {
    await row.hover();
    await row.getByRole('button', { name }).click({ timeout: 2_000 });
  }).toPass();
}

/** Launch an environment by its button, and wait for the notebook on it. */
export async function launch(
  page: Page,
  panel: Locator,
  name: string
): Promise<Locator> {
  await panel.getByRole('button', { name: `Launch ${name}` }).click();
  return notebookOn(page, name);
}

/** The notebook in front, once it is on an environment. */
export async function notebookOn(page: Page, name: string): Promise<Locator> {
  const notebook = page.locator('.jp-NotebookPanel:visible');
  await expect(notebook.locator('.jp-KernelName')).toContainText(name, {
    timeout: 600_000
  });
  return notebook;
}

/** Type into the first, or the last, cell of a notebook whose kernel is ready, and run it. */
export async function runCell(
  page: Page,
  notebook: Locator,
  code: string,
  which: 'first' | 'last' = 'first'
): Promise<void> {
  await expect(
    notebook.locator('.jp-Notebook-ExecutionIndicator')
  ).toHaveAttribute('data-status', 'idle');
  const cells = notebook.locator('.jp-Cell');
  // Running the last one adds another one.
  const cell = cells.nth(which === 'first' ? 0 : (await cells.count()) - 1);
  await cell.locator('.cm-content').click();
  await page.keyboard.insertText(code);
  // JupyterLab drops what is run in the moment in which its session gets the kernel
  await expect(async () => {
    await cell.locator('.cm-content').click();
    await page.keyboard.press('Shift+Enter');
    await expect(cell.locator('.jp-InputPrompt')).not.toHaveText('[ ]:', {
      timeout: 5_000
    });
  }).toPass();
}

/** Set one of the extension's settings, as the settings editor does, in a page that is open. */
export async function setSetting(
  request: APIRequestContext,
  address: string,
  settings: object
): Promise<void> {
  const url = `${address}/lab/api/settings/conda-store-labext:plugin`;
  await ask(request, 'PUT', url, { raw: JSON.stringify(settings) });
}

/** Set the settings of JupyterLab's shell, among them which widget is in which area. */
export async function setShell(
  request: APIRequestContext,
  address: string,
  settings: object
): Promise<void> {
  const url = `${address}/lab/api/settings/@jupyterlab/application-extension:shell`;
  await ask(request, 'PUT', url, { raw: JSON.stringify(settings) });
}

/** Keep a picture in `screenshots/`, and one of the same in the dark, where pictures are asked for. */
export async function picture(
  target: Page | Locator,
  name: string
): Promise<void> {
  if (!process.env.PICTURES) {
    return;
  }
  const take = async (file: string) => {
    await target.screenshot({
      path: join(__dirname, '..', 'screenshots', `${file}.png`),
      animations: 'disabled'
    });
  };
  await take(name);
  const page = 'page' in target ? target.page() : target;
  await inTheDark(page, () => take(`${name}-dark`));
}

/** Ask the server directly, with its token. */
export async function ask<T = unknown>(
  request: APIRequestContext,
  method: string,
  url: string,
  data?: object
): Promise<T> {
  const headers = { Authorization: `token ${TOKEN}` };
  const answer = await request.fetch(url, {
    method,
    headers,
    data,
    timeout: 600_000
  });
  expect(answer.ok(), `${method} ${url}: ${await answer.text()}`).toBe(true);
  return (answer.status() === 204 ? null : await answer.json()) as T;
}

/** A new notebook by the File menu, without a word on its kernel. */
export async function newNotebook(page: Page): Promise<Locator> {
  const tabs = page.getByRole('tab', { name: /^Untitled\d*\.ipynb/ });
  const before = await tabs.count();
  await page.getByRole('menuitem', { name: 'File', exact: true }).click();
  await page.locator('.lm-Menu-itemLabel', { hasText: /^New$/ }).hover();
  await page
    .locator('.lm-Menu-itemLabel', { hasText: /^Notebook$/ })
    .first()
    .click();
  await expect(tabs).toHaveCount(before + 1);
  const notebook = page.locator('.jp-NotebookPanel:visible');
  await expect(notebook).toBeVisible();
  return notebook;
}

/** End all kernels. */
export async function endKernels(
  request: APIRequestContext,
  address: string
): Promise<void> {
  const route = `${address}/api/sessions`;
  for (const { id } of await ask<{ id: string }[]>(request, 'GET', route)) {
    await ask(request, 'DELETE', `${address}/api/sessions/${id}`);
  }
}

/** End all kernels and remove all local copies, or those of one environment. */
export async function removeCopies(
  request: APIRequestContext,
  address: string,
  name?: string
): Promise<void> {
  await endKernels(request, address);
  const route = `${address}/conda-store/copies`;
  for (const copy of await copies(request, address)) {
    if (
      copy.state === 'ready' &&
      copy.environment === (name ?? copy.environment)
    ) {
      await ask(request, 'DELETE', `${route}/${copy.key}`);
    }
  }
}

/** A local copy, as the server tells of it. */
interface ICopy {
  key: string;
  state: string;
  environment: string;
  build_id: number;
}

/** The local copies that are there or in the making. */
export async function copies(
  request: APIRequestContext,
  address: string
): Promise<ICopy[]> {
  const route = `${address}/conda-store/copies`;
  const { copies } = await ask<{ copies: ICopy[] }>(request, 'GET', route);
  return copies;
}
