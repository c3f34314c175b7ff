/** From a git repository to a cell on its own environment: by the form, and by a link in a cold browser. */

import { expect, test, type Page } from '@playwright/test';
import { execFileSync, spawn } from 'child_process';
import { once } from 'events';
import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import {
  ask,
  endKernels,
  notebookOn,
  openLab,
  openPanel,
  picture,
  runCell
} from './lab';
import { ADDRESSES, PLACES, TOKEN } from './servers';

/** The folder of the server's files. */
const WORK = join(PLACES.folder, 'store', 'work');

const NOTEBOOK = JSON.stringify({
  cells: [
    {
      cell_type: 'code',
      id: 'a',
      source: [],
      metadata: {},
      outputs: [],
      execution_count: null
    }
  ],
  metadata: {
    kernelspec: {
      name: 'not-here',
      display_name: 'Not here',
      language: 'python'
    }
  },
  nbformat: 4,
  nbformat_minor: 5
});

/** Make a repository beside the server's folder, with a module and two notebooks. */
function makeRepository(name: string): string {
  const folder = join(PLACES.folder, 'origins', name);
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(WORK, name), { recursive: true, force: true });
  mkdirSync(join(folder, 'weeks'), { recursive: true });
  const files = {
    'README.md': '# Course\n',
    '.conda-store.yml': 'environment: default/minimal\n',
    'environment.yml':
      'channels: [conda-forge]\ndependencies: [python, ipykernel, pandas]\n',
    'helper.py': 'ANSWER = 42\n',
    'index.ipynb': NOTEBOOK,
    'weeks/one.ipynb': NOTEBOOK
  };
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(folder, file), text);
  }
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args],
      {
        cwd: folder
      }
    );
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '-m', 'Begin');
  git('branch', 'week-2');
  return `file://${folder}`;
}

/** Run a cell that uses what lies beside the notebook. */
async function runsBeside(page: Page): Promise<void> {
  const notebook = await notebookOn(page, 'default/minimal');
  await expect(page.locator('.jp-Dialog')).toHaveCount(0);
  await runCell(
    page,
    notebook,
    'import helper, sys; print(helper.ANSWER, sys.base_prefix)'
  );
  await expect(notebook.locator('.jp-OutputArea-output').first()).toContainText(
    /42 .*\/conda-store\/v1\//
  );
}

test('a person opens a repository by the form', async ({ page, request }) => {
  await endKernels(request, ADDRESSES.store);
  const address = makeRepository('course');
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Open a repository' }).click();
  const form = page.locator('.jp-CondaStore-repository');
  await form.getByRole('combobox', { name: 'Repository' }).fill(address);
  const ref = form.getByRole('combobox', { name: 'Branch, tag or commit' });
  await ref.click();
  await form.getByRole('option', { name: 'main' }).click();
  await form.getByRole('button', { name: 'Look at it' }).click();
  const seen = form.getByRole('region', { name: 'What it is' });
  await expect(seen).toContainText('branch main (');
  await expect(seen).toContainText('by Ada');
  await expect(seen).toContainText('python, ipykernel, pandas');
  await expect(seen).toContainText('index.ipynb, in a new folder course');
  await expect(seen).toContainText(
    'default/minimal, which .conda-store.yml names'
  );
  const notebook = form.getByRole('combobox', { name: 'Notebook' });
  await notebook.click();
  await expect(form.getByRole('option')).toHaveText([
    'index.ipynb',
    'weeks/one.ipynb'
  ]);
  await page.keyboard.press('Escape');
  await picture(page, 'repository');
  await seen.getByRole('button', { name: /Open$/ }).click();
  await runsBeside(page);
  await expect(form).toHaveCount(0);
  await picture(page, 'repository-notebook');

  // And back: what was run is saved, committed on a branch and pushed.
  await page.keyboard.press('Control+s');
  await page.keyboard.press('Control+Shift+c');
  await page.locator('.lm-CommandPalette-input').fill('Write Back');
  await page.keyboard.press('Enter');
  const dialog = page.locator('.jp-Dialog');
  await expect(dialog.locator('pre')).toContainText('+   "import helper');
  const author = dialog.getByLabel('Author, as Name <mail>');
  if (await author.isVisible()) {
    await author.fill('Bo <bo@example.org>');
  }
  await dialog.getByLabel('New branch').fill('of-bo');
  await dialog.getByLabel(/^With the lockfile of default\/minimal:/).check();
  await picture(dialog.locator('.jp-Dialog-content'), 'write-back');
  await dialog.getByRole('button', { name: 'Commit and Push' }).click();
  const said = page.locator('.Toastify__toast', { hasText: 'was pushed to' });
  await expect(said).toBeVisible();
  const folder = join(PLACES.folder, 'origins', 'course');
  const pushed = execFileSync('git', ['show', '--stat', 'of-bo'], {
    cwd: folder
  });
  expect(pushed.toString()).toContain('index.ipynb');
  expect(pushed.toString()).toContain('conda-lock.yml');
});

test('a link leads from a cold browser to the running notebook', async ({
  browser,
  request
}) => {
  await endKernels(request, ADDRESSES.store);
  // What another test left open is no part of this one.
  const workspaces = `${ADDRESSES.store}/lab/api/workspaces`;
  await ask(request, 'DELETE', `${workspaces}/default`);
  const address = makeRepository('linked');
  const context = await browser.newContext();
  const page = await context.newPage();
  const query = new URLSearchParams({ repository: address, ref: 'main' });
  await page.goto(`${ADDRESSES.store}/conda-store/open?${query}`);
  await page.locator('#password_input').fill(TOKEN);
  await page.locator('#login_submit').click();
  const seen = page.getByRole('region', { name: 'What it is' });
  await expect(seen).toContainText('branch main (');
  await expect(page).not.toHaveURL(/conda-store-open/);
  await seen.getByRole('button', { name: /Open$/ }).click();
  await runsBeside(page);
  await context.close();
});

test('a link leads through a hub to the running notebook', async ({
  browser
}) => {
  // What a conda-store of somebody else's lets these people see is not known.
  test.skip(!!process.env.CONDA_STORE_URL);
  const address = makeRepository('shared');
  const hub = spawn(
    'python',
    [join(__dirname, '..', 'hub.py'), PLACES.folder],
    { stdio: ['pipe', 'pipe', 'inherit'] }
  );
  const context = await browser.newContext();
  try {
    const [line] = (await once(hub.stdout, 'data')) as [Buffer];
    const page = await context.newPage();
    const query = new URLSearchParams({ repository: address, ref: 'main' });
    await page.goto(
      `${line.toString().trim()}/hub/user-redirect/conda-store/open?${query}`
    );
    await page.locator('#username_input').fill('ada');
    await page.locator('#password_input').fill('one-for-all');
    await page.locator('#login_submit').click();
    const seen = page.getByRole('region', { name: 'What it is' });
    await expect(seen).toContainText('branch main (');
    expect(page.url()).toContain('/user/ada/');
    await seen.getByRole('button', { name: /Open$/ }).click();
    await runsBeside(page);
  } finally {
    await context.close();
    const ended = once(hub, 'exit');
    hub.stdin.end();
    await ended;
  }
});
