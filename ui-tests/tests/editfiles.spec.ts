/** Environments made of files, and files made of environments. */

import { expect, type APIRequestContext, type Page } from '@playwright/test';
import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { test } from './browser';
import { accessible, choose, editor, remove, yaml } from './editing';
import { ask, openLab, openPanel, picture } from './lab';
import { ADDRESSES, TOKEN } from './servers';

/** A file with three things that conda-store takes and then drops, and what is said of each. */
const MARKED = `# été
name: marked
channels: [conda-forge]
dependencies:
  - python
  - ipykernel
  - six
  - pip=24.0
  - pip:
      - rich; python_version >= '3.9'
variables:
  MODE: fast
`;
const DROPPED = [
  'conda-lock chooses the version of pip itself',
  'conda-lock ignores this condition',
  'get these variables; conda-store does not set them'
];

/** Export what an entry of the minimal environment's menu says, and return where the browser saved it. */
async function exported(page: Page, entry: string): Promise<string> {
  const panel = await openPanel(page);
  await panel
    .getByRole('treeitem', { name: /^default\/minimal,/ })
    .click({ button: 'right' });
  await page.locator('.lm-Menu-itemLabel', { hasText: /^Export$/ }).hover();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: entry }).click();
  return (await download).path();
}

/** Put a file where the file browser shows it. */
async function upload(
  request: APIRequestContext,
  name: string,
  content: string,
  format: 'text' | 'base64' = 'text'
): Promise<void> {
  const url = `${ADDRESSES.store}/api/contents/${name}`;
  await ask(request, 'PUT', url, { type: 'file', format, content });
}

/** The lockfile of the minimal environment's active build, as one saves it. */
async function lockfileOfMinimal(request: APIRequestContext): Promise<string> {
  const routes = `${ADDRESSES.store}/conda-store`;
  const { current_build_id: build } = (await ask(
    request,
    'GET',
    `${routes}/environments/default/minimal`
  )) as { current_build_id: number };
  const answer = await request.get(
    `${routes}/builds/${build}/artifacts/lockfile`,
    { headers: { Authorization: `token ${TOKEN}` } }
  );
  expect(answer.ok()).toBe(true);
  return answer.text();
}

test('a person builds a file of the file browser', async ({
  page,
  request
}) => {
  await upload(
    request,
    'requirements.txt',
    '# what we need\nrequests>=2\n-e .\nrich\n'
  );
  await upload(
    request,
    'environment.yml',
    '# ours\nname: from-file\nchannels: [conda-forge]\ndependencies: [python, ipykernel]\n'
  );
  await upload(request, 'conda-lock.yml', await lockfileOfMinimal(request));
  // As PowerShell writes it: in UTF-16, with a mark in front.
  const marked = Buffer.from(`\ufeff${MARKED}`, 'utf16le').toString('base64');
  await upload(request, 'env-powershell.yaml', marked, 'base64');
  await upload(request, 'notes.txt', 'nothing\n');
  await openLab(page, ADDRESSES.store);
  const entry = page.getByRole('menuitem', { name: 'Build in conda-store…' });
  const files = page.locator('.jp-DirListing');
  await files.getByText('notes.txt').click({ button: 'right' });
  await expect(page.getByRole('menuitem', { name: /Rename/ })).toBeVisible();
  await expect(entry).toHaveCount(0);
  await page.keyboard.press('Escape');

  await files.getByText('environment.yml').click({ button: 'right' });
  await picture(page, 'edit-file-menu');
  await entry.click();
  await expect(yaml(page)).toContainText('# ours');
  await expect(editor(page).getByLabel('Name', { exact: true })).toHaveValue(
    'from-file'
  );

  // What conda-store takes and then drops is told with its line.
  await files.getByText('env-powershell.yaml').click({ button: 'right' });
  await entry.click();
  await expect(yaml(page)).toContainText('# été');
  const problems = editor(page).getByRole('list', { name: 'Problems' });
  for (const said of DROPPED) {
    await expect(problems).toContainText(said);
  }

  await files.getByText('requirements.txt').click({ button: 'right' });
  await entry.click();
  await expect(yaml(page)).toContainText('requests');
  await expect(editor(page).getByText(/-e/).first()).toBeVisible();
  await picture(page, 'edit-requirements');

  await files.getByText('conda-lock.yml').click({ button: 'right' });
  await entry.click();
  await expect(yaml(page)).toContainText('content_hash');
  const build = editor(page).getByRole('button', {
    name: 'Build',
    exact: true
  });
  await editor(page).getByLabel('Name', { exact: true }).fill('');
  await expect(build).toBeDisabled();
  await editor(page).getByLabel('Name', { exact: true }).fill('locked');
  await expect(build).toBeEnabled();
  await expect(
    editor(page).getByRole('button', { name: 'Preview', exact: true })
  ).toHaveCount(0);
  await picture(page, 'edit-lockfile');

  // It is built as it is: the same packages again.
  await build.click();
  const panel = await openPanel(page);
  await expect(
    panel.getByRole('button', { name: 'Launch default/locked' })
  ).toBeVisible({ timeout: 600_000 });
  await remove(request, 'default/locked');
});

test('a person clones and exports one', async ({ page }) => {
  await openLab(page, ADDRESSES.store);
  await choose(page, 'default/minimal', 'Clone…');
  await expect(yaml(page)).toContainText('name: minimal-copy');
  await expect(editor(page).getByLabel('Namespace')).toHaveValue('default');

  // There is one of the name: that is said before anything is built.
  await editor(page).getByLabel('Name', { exact: true }).fill('minimal');
  await editor(page)
    .getByRole('button', { name: 'Build', exact: true })
    .click();
  await expect(
    editor(page).getByText(/default\/minimal exists already/)
  ).toBeVisible();
  await picture(page, 'edit-exists');
  await accessible(page);

  const saved = await exported(page, 'Packages as YAML');
  expect(readFileSync(saved, 'utf8')).toContain('ipykernel');

  // The archive comes through the Jupyter server as a stream, and is whole.
  const archive = await exported(page, 'Archive');
  const members = execFileSync('tar', ['--list', '--file', archive], {
    encoding: 'utf8',
    maxBuffer: 64 << 20
  });
  expect(members).toMatch(/^(\.\/)?bin\/python$/m);

  // What was saved can be taken in again, with a mark in front as some editors write it.
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('ControlOrMeta+Shift+C');
  await page.locator('.lm-CommandPalette-input').fill('Import Environment');
  await page.keyboard.press('Enter');
  await (
    await chooser
  ).setFiles({
    name: 'environment.yml',
    mimeType: 'text/yaml',
    buffer: Buffer.concat([Buffer.from('\ufeff'), readFileSync(saved)])
  });
  await expect(yaml(page)).toContainText('ipykernel=');
});
