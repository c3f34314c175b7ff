/** Notebooks that remember a build, or name one. */

import { expect } from '@playwright/test';
import type { APIRequestContext, Locator, Page } from '@playwright/test';
import { ask as askAt } from './lab';
import { ADDRESSES, TOKEN } from './servers';

/** The Jupyter server of these notebooks. */
export const server = ADDRESSES.store;

/** Ask that server. */
export function ask<T>(
  request: APIRequestContext,
  method: string,
  path: string,
  data?: object
): Promise<T> {
  return askAt<T>(request, method, `${server}/${path}`, data);
}

/** A build as the server extension gives it. */
export interface IBuild {
  id: number;
  launchable: boolean;
  status: string;
}

/** Build an environment and wait for its archive. */
export async function built(
  request: APIRequestContext,
  name: string,
  packages: string[]
): Promise<number> {
  const dependencies = packages.map(one => `  - ${one}\n`).join('');
  const specification = `name: ${name}\nchannels:\n  - conda-forge\ndependencies:\n${dependencies}`;
  const { id } = await ask<IBuild>(request, 'POST', 'conda-store/builds', {
    namespace: 'default',
    specification
  });
  await expect
    .poll(
      async () =>
        (await ask<IBuild>(request, 'GET', `conda-store/builds/${id}`))
          .launchable,
      { timeout: 600_000 }
    )
    .toBe(true);
  return id;
}

/** Put a notebook with one cell there, which is of no language, so that Lab itself neither starts a kernel nor adds the language on opening. */
export async function write(
  request: APIRequestContext,
  path: string,
  metadata: object
): Promise<void> {
  const source = 'import sys; print(sys.base_prefix)';
  const language_info = { name: '' };
  const cell = {
    cell_type: 'code',
    id: 'one',
    metadata: {},
    execution_count: null,
    outputs: [],
    source
  };
  await ask(request, 'PUT', `api/contents/${path}`, {
    type: 'notebook',
    content: {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { language_info, ...metadata },
      cells: [cell]
    }
  });
}

/** Open a notebook in an empty workspace. */
export async function open(page: Page, path: string): Promise<Locator> {
  await page.goto(`${server}/lab/tree/${path}?reset&token=${TOKEN}`);
  await expect(page.locator('#jupyterlab-splash')).toBeHidden();
  const notebook = page.locator('.jp-NotebookPanel:visible');
  await expect(notebook).toBeVisible();
  return notebook;
}

/** The question for a kernel: the only dialog there is, with what is offered in it. */
export async function question(
  page: Page,
  said: string | RegExp
): Promise<Locator> {
  const dialog = page.locator('.jp-Dialog');
  await expect(dialog).toHaveCount(1);
  await expect(dialog.getByText(said)).toBeVisible();
  return dialog;
}

/** Run a notebook's first cell. */
export async function run(page: Page, notebook: Locator): Promise<Locator> {
  await notebook.locator('.jp-Cell .cm-content').first().click();
  await page.keyboard.press('Control+Enter');
  return notebook.locator('.jp-OutputArea-output').first();
}

/** Return the record of a build of the store in use, or of another one. */
export async function recordOf(
  request: APIRequestContext,
  environment: string,
  build_id: number,
  at?: string
): Promise<object> {
  const { url } = await ask<{ url: string }>(
    request,
    'GET',
    'conda-store/status'
  );
  const unknown = { kernel: '', lockfile: null, platform: null };
  const server = at ?? url;
  return { ...unknown, server, namespace: 'default', environment, build_id };
}

/** The active build of `default/minimal`. */
export async function minimal(request: APIRequestContext): Promise<number> {
  const path = 'conda-store/environments/default/minimal';
  const found = await ask<{ current_build_id: number }>(request, 'GET', path);
  return found.current_build_id;
}

/** The toolbar's item once the server has told on which build the kernel runs. */
export function runningOn(notebook: Locator, id: number): Locator {
  return notebook.locator(`.jp-CondaStore-kernel[data-running="${id}"]`);
}
