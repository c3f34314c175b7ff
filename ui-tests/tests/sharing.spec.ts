/** An environment of somebody else's runs after a question alone; one is shared, and its project starts on it. */

import { expect, type Locator, type Page } from '@playwright/test';
import { execFileSync } from 'child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { test } from './browser';
import {
  endKernels,
  openLab,
  openPanel,
  picture,
  reloadLab,
  runCell
} from './lab';
import { ADDRESSES, PLACES } from './servers';

/** The folder of the Jupyter server in which the projects are. */
const WORK = join(PLACES.folder, 'store', 'work');

/** Make a project with a virtual environment that has the ipykernel of the Python that runs the tests. */
function makeProject(name: string): string {
  const project = join(WORK, name);
  const venv = join(project, '.venv');
  execFileSync('python', ['-m', 'venv', '--without-pip', venv]);
  const site = (program: string) =>
    execFileSync(program, [
      '-c',
      'import sysconfig; print(sysconfig.get_path("purelib"))'
    ])
      .toString()
      .trim();
  const library = site(join(venv, 'bin', 'python'));
  writeFileSync(join(library, 'tests.pth'), `${site('python')}\n`);
  writeFileSync(
    join(library, 'ipykernel_launcher.py'),
    'from ipykernel import kernelapp; kernelapp.launch_new_instance()\n'
  );
  return project;
}

/** The row of a project's environment, once its folder is open. */
async function rowOf(page: Page, name: string): Promise<Locator> {
  await page.locator('.jp-DirListing-item', { hasText: name }).dblclick();
  await expect(
    page.locator('.jp-BreadCrumbs-item', { hasText: name })
  ).toBeVisible();
  const panel = await openPanel(page);
  return panel.locator('.jp-CondaStore-machineRow', {
    hasText: `${name} (.venv`
  });
}

test.afterEach(async ({ request }) => {
  await endKernels(request, ADDRESSES.store);
  for (const name of ['came', 'shared']) {
    rmSync(join(WORK, name), { recursive: true, force: true });
  }
});

test('what came with a repository runs after a yes alone', async ({ page }) => {
  const project = makeProject('came');
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', project, ...words]);
  git('init', '-q');
  git('add', '-f', '.venv/pyvenv.cfg');
  await openLab(page, ADDRESSES.store);
  const row = await rowOf(page, 'came');
  const launch = async () => {
    await row.hover();
    await row.getByRole('button', { name: /^New notebook/i }).click();
  };
  await launch();
  const dialog = page.locator('.jp-Dialog');
  await expect(dialog).toContainText('came with the git repository');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await picture(page, 'machine-trust');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(row).not.toContainText('Kernel:');

  await launch();
  await dialog.getByRole('button', { name: 'Trust and Run' }).click();
  const notebook = page.locator('.jp-NotebookPanel:visible');
  await runCell(page, notebook, 'import sys; print(sys.prefix)');
  await expect(notebook.locator('.jp-OutputArea-output').first()).toContainText(
    join(project, '.venv')
  );
});

test('a shared one is built, and its project starts on it though the page was loaded again', async ({
  page
}) => {
  const project = makeProject('shared');
  await openLab(page, ADDRESSES.store);
  const row = await rowOf(page, 'shared');
  await row.getByRole('button', { name: /^More actions for / }).click();
  await page
    .locator('.lm-Menu-itemLabel', { hasText: 'Share through conda-store…' })
    .click();
  const editor = page.locator('.jp-CondaStore-editor:visible');
  await expect(editor).toContainText('ipykernel');
  await picture(page, 'machine-share');
  const kept = page.waitForResponse(
    answer =>
      answer.url().includes('/lab/api/workspaces') &&
      answer.request().method() === 'PUT' &&
      (answer.request().postData() ?? '').includes(
        'conda-store-labext:projects'
      )
  );
  await editor.getByRole('button', { name: /^(Build|Create)/ }).click();
  await kept;
  await reloadLab(page);
  const file = join(project, '.conda-store.yml');
  await expect
    .poll(() => (existsSync(file) ? readFileSync(file, 'utf-8') : ''))
    .toBe('environment: default/shared\n');
  await picture(page, 'machine-shared');
});
