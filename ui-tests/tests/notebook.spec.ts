/** A notebook knows its build: it is offered, shown, remembered when saved, switched, and gone back to. */

import { expect, test } from '@playwright/test';
import type { APIRequestContext, Locator, Page } from '@playwright/test';
import { endKernels } from './lab';
import { ADDRESSES, TOKEN } from './servers';

const server = ADDRESSES.store;

async function ask<T>(
  request: APIRequestContext,
  method: string,
  path: string,
  data?: object
): Promise<T> {
  const headers = { Authorization: `token ${TOKEN}` };
  const answer = await request.fetch(`${server}/${path}`, {
    method,
    headers,
    data,
    timeout: 120_000
  });
  expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
  return (await answer.json()) as T;
}

interface IBuild {
  id: number;
  launchable: boolean;
  status: string;
}

/** Build an environment and wait for its archive. */
async function built(
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
      { timeout: 240_000 }
    )
    .toBe(true);
  return id;
}

/** Put a notebook with one cell there, which is of no language, so that Lab itself neither starts a kernel nor adds the language on opening. */
async function write(
  request: APIRequestContext,
  path: string,
  metadata: object
): Promise<void> {
  const source = 'import sys; print(sys.prefix)';
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

async function open(page: Page, path: string): Promise<Locator> {
  await page.goto(`${server}/lab/tree/${path}?reset&token=${TOKEN}`);
  await expect(page.locator('#jupyterlab-splash')).toBeHidden();
  const notebook = page.locator('.jp-NotebookPanel:visible');
  await expect(notebook).toBeVisible();
  return notebook;
}

test.afterEach(async ({ request }) => endKernels(request, server));

test('a notebook of an older extension runs on the very build, and remembers it once it is saved', async ({
  page,
  request
}) => {
  const { current_build_id: id } = await ask<{ current_build_id: number }>(
    request,
    'GET',
    'conda-store/environments/default/minimal'
  );
  const name = `conda-store://default/minimal:${id}`;
  await write(request, 'older.ipynb', {
    kernelspec: { name, display_name: name, language: 'python' }
  });
  const notebook = await open(page, 'older.ipynb');
  await expect(page.getByText('This notebook asks for')).toBeVisible();
  await expect(page.locator('.lm-TabBar-tab.jp-mod-dirty')).toHaveCount(0);
  // Lab does not know that name, and asks.
  await page
    .locator('.jp-Dialog')
    .getByRole('button', { name: 'No Kernel' })
    .click();
  await page.getByRole('button', { name: `Run on #${id}` }).click();
  await expect(
    notebook.locator('.jp-CondaStore-NotebookBuild-name')
  ).toHaveText(`default/minimal #${id}`, { timeout: 120_000 });

  await notebook.locator('.jp-Cell .cm-content').first().click();
  await page.keyboard.press('Control+Enter');
  await expect(notebook.locator('.jp-OutputArea-output').first()).toContainText(
    '/conda-store/v1/'
  );
  // The reply counts the cell, which is a change of its own.
  await expect(notebook.locator('.jp-InputPrompt').first()).toHaveText('[1]:');
  await page.keyboard.press('Control+s');
  await expect(page.locator('.lm-TabBar-tab.jp-mod-dirty')).toHaveCount(0);
  const saved = await ask<{ content: { metadata: Record<string, object> } }>(
    request,
    'GET',
    'api/contents/older.ipynb'
  );
  expect(saved.content.metadata.conda_store).toMatchObject({
    namespace: 'default',
    environment: 'minimal',
    build_id: id,
    lockfile: expect.stringMatching(/^[0-9a-f]{64}$/)
  });
});

test('a newer build is one click away, and so is the way back', async ({
  page,
  request
}) => {
  test.setTimeout(400_000);
  const old = await built(request, 'renewed', ['python', 'ipykernel']);
  const { url } = await ask<{ url: string }>(
    request,
    'GET',
    'conda-store/status'
  );
  const record = {
    kernel: '',
    server: url,
    namespace: 'default',
    environment: 'renewed',
    build_id: old,
    lockfile: null,
    platform: null
  };
  await write(request, 'renewed.ipynb', { conda_store: record });
  const packages = ['python', 'ipykernel', 'wheel'];
  const active = await built(request, 'renewed', packages);

  const notebook = await open(page, 'renewed.ipynb');
  await page
    .locator('.jp-Dialog')
    .getByRole('button', { name: 'No Kernel' })
    .click();
  await expect(
    page.getByText(`#${old} was superseded by #${active} (1 added).`)
  ).toBeVisible();
  await page.getByRole('button', { name: `Run on #${old}` }).click();
  const shown = notebook.locator('.jp-CondaStore-NotebookBuild-name');
  await expect(shown).toHaveText(`default/renewed #${old}`, {
    timeout: 120_000
  });
  await notebook.getByRole('button', { name: `Switch to #${active}` }).click();
  await expect(shown).toHaveText(`default/renewed #${active}`, {
    timeout: 120_000
  });
  await notebook.getByRole('button', { name: `Back to #${old}` }).click();
  await expect(shown).toHaveText(`default/renewed #${old}`, {
    timeout: 120_000
  });
});
