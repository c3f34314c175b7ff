/** A notebook knows its build: it is offered, shown, remembered when saved, switched, and gone back to. */

import { expect } from '@playwright/test';
import { test } from './browser';
import { endKernels, picture, removeCopies } from './lab';
import {
  ask,
  built,
  type IBuild,
  minimal,
  open,
  question,
  recordOf,
  run,
  runningOn,
  server,
  write
} from './notebooks';
import { TOKEN } from './servers';

const NOTEBOOKS = ['older.ipynb', 'renewed.ipynb', 'elsewhere.ipynb'];

// The environment that is renewed is then the one whose build is deleted.
test.describe.configure({ mode: 'serial' });

test.afterEach(async ({ request }) => endKernels(request, server));

test.afterAll(async ({ request }) => {
  await removeCopies(request, server, 'renewed');
  const environment = 'conda-store/environments/default/renewed';
  const files = NOTEBOOKS.map(name => `api/contents/${name}`);
  for (const path of [environment, ...files]) {
    await request.delete(`${server}/${path}`, {
      headers: { Authorization: `token ${TOKEN}` }
    });
  }
});

test('a notebook of an older extension runs on the very build, and remembers it once it is saved', async ({
  page,
  request
}) => {
  const id = await minimal(request);
  const name = `conda-store://default/minimal:${id}`;
  await write(request, 'older.ipynb', {
    kernelspec: { name, display_name: name, language: 'python' }
  });
  const notebook = await open(page, 'older.ipynb');
  // Lab does not know that name.
  const dialog = await question(page, /This notebook asks for/);
  await expect(page.locator('.lm-TabBar-tab.jp-mod-dirty')).toHaveCount(0);
  await dialog.getByRole('button', { name: `Run on #${id}` }).click();
  await expect(runningOn(notebook, id)).toHaveText(`default/minimal #${id}`, {
    timeout: 600_000
  });

  await expect(await run(page, notebook)).toContainText('/conda-store/v1/');
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

  // Its copy is removed and the page loaded again: the offer stands, and who saves without a kernel loses nothing.
  await removeCopies(request, server, 'minimal');
  const again = await open(page, 'older.ipynb');
  const offer = await question(page, new RegExp(`default/minimal #${id}`));
  await expect(
    offer.getByRole('button', { name: `Run on #${id}` })
  ).toBeVisible();
  await offer.getByRole('button', { name: 'No Kernel' }).click();
  await again.locator('.jp-Cell .cm-content').first().click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.insertText('  # written later');
  await page.keyboard.press('Control+s');
  await expect(page.locator('.lm-TabBar-tab.jp-mod-dirty')).toHaveCount(0);
  const later = await ask<typeof saved>(
    request,
    'GET',
    'api/contents/older.ipynb'
  );
  expect(JSON.stringify(later.content)).toContain('# written later');
  expect(later.content.metadata.conda_store).toEqual(
    saved.content.metadata.conda_store
  );
});

test('a newer build is one click away, and so is the way back', async ({
  page,
  request
}) => {
  test.setTimeout(400_000);
  const old = await built(request, 'renewed', ['python', 'ipykernel']);
  const record = await recordOf(request, 'renewed', old);
  await write(request, 'renewed.ipynb', { conda_store: record });
  const packages = ['python', 'ipykernel', 'wheel'];
  const active = await built(request, 'renewed', packages);

  const notebook = await open(page, 'renewed.ipynb');
  const dialog = await question(
    page,
    new RegExp(`#${old} was superseded by #${active} \\(1 added\\)\\.`)
  );
  await picture(page, 'notebook-superseded');
  await dialog.getByRole('button', { name: `Run on #${old}` }).click();
  const shown = (id: number) =>
    expect(runningOn(notebook, id)).toHaveText(`default/renewed #${id}`, {
      timeout: 600_000
    });
  await shown(old);

  // Nothing that the kernel holds is lost without a question.
  const output = await run(page, notebook);
  await expect(output).toContainText('/conda-store/v1/');
  const newer = notebook.getByRole('button', { name: `Switch to #${active}` });
  await newer.click();
  const restart = await question(page, /All variables will be lost/);
  await picture(page, 'notebook-switch');
  await restart.getByRole('button', { name: 'Cancel' }).click();
  await shown(old);
  await newer.click();
  await restart.getByRole('button', { name: 'Restart' }).click();
  await shown(active);
  // This one has run nothing.
  await notebook.getByRole('button', { name: `Back to #${old}` }).click();
  await shown(old);
});

test('a build that was deleted is built again from its lockfile, and the notebook runs on it', async ({
  page,
  request
}) => {
  test.setTimeout(400_000);
  const path = 'conda-store/environments/default/renewed/builds';
  const { builds } = await ask<{ builds: IBuild[] }>(request, 'GET', path);
  const old = Math.min(...builds.map(({ id }) => id));
  await ask(request, 'DELETE', `conda-store/builds/${old}`);
  const record = await recordOf(request, 'renewed', old);
  await expect
    .poll(
      async () =>
        (
          await ask<{ state: string }>(
            request,
            'POST',
            'conda-store/notebooks/status',
            record
          )
        ).state,
      { timeout: 600_000 }
    )
    .toBe('deleted');

  const notebook = await open(page, 'renewed.ipynb');
  const dialog = await question(
    page,
    new RegExp(`default/renewed #${old} was deleted from conda-store`)
  );
  await picture(page, 'notebook-deleted');
  await dialog
    .getByRole('button', { name: 'Rebuild from its lockfile' })
    .click();
  await expect(
    page.getByText(/default\/renewed #\d+ is being built\./)
  ).toBeVisible();
  const told = page.getByText(/default\/renewed #\d+ is built\./);
  await expect(told).toBeVisible({ timeout: 600_000 });
  const id = Number(/#(\d+)/.exec((await told.textContent()) ?? '')?.[1]);
  await page.getByRole('button', { name: `Run on #${id}` }).click();
  await expect(runningOn(notebook, id)).toHaveText(`default/renewed #${id}`, {
    timeout: 600_000
  });
});

test('a notebook of another server says so, and runs on what this one has of that name', async ({
  page,
  request
}) => {
  const id = await minimal(request);
  const elsewhere = 'http://elsewhere.example/conda-store';
  const record = await recordOf(request, 'minimal', 1, elsewhere);
  await write(request, 'elsewhere.ipynb', { conda_store: record });
  const notebook = await open(page, 'elsewhere.ipynb');
  const said = `This notebook ran on default/minimal #1 of conda-store at ${elsewhere};`;
  const dialog = await question(page, new RegExp(said));
  await dialog.getByRole('button', { name: 'No Kernel' }).click();
  // Who wants none now still has the offers.
  await expect(page.locator('.Toastify').getByText(said)).toBeVisible();
  await page.getByRole('button', { name: `Run on #${id} of this` }).click();
  await expect(runningOn(notebook, id)).toHaveText(`default/minimal #${id}`, {
    timeout: 600_000
  });
});
