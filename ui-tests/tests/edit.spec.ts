/** Making environments and changing what they are made of, as a person does it. */

import {
  expect,
  type APIRequestContext,
  type Locator,
  type Page
} from '@playwright/test';
import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { violations } from './accessible';
import { test } from './browser';
import { ask, openLab, openPanel, picture, setTheme } from './lab';
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

/** The page that is in front. */
function editor(page: Page): Locator {
  return page.locator('.jp-CondaStore-editor:visible');
}

/** The YAML of the page that is in front. */
function yaml(page: Page): Locator {
  return editor(page).locator('.cm-content');
}

/** Put a text in the place of the YAML. */
async function write(page: Page, text: string): Promise<void> {
  await yaml(page).click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(text);
}

/** Whether everybody can use the page as it is now. */
async function accessible(page: Page): Promise<void> {
  const ours = '.jp-CondaStore-editor:not(.lm-mod-hidden)';
  // How JupyterLab colours code, and lets one scroll it, is its own.
  expect(await violations(page, [ours], ['.cm-editor'])).toEqual([]);
}

/** Choose an entry of a row's context menu. */
async function choose(page: Page, row: string, entry: string): Promise<void> {
  const panel = await openPanel(page);
  await panel
    .getByRole('treeitem', { name: new RegExp(`^${row},`) })
    .click({ button: 'right' });
  await page.getByRole('menuitem', { name: entry }).click();
}

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

/** Delete an environment: others look at the same list. */
async function remove(request: APIRequestContext, name: string): Promise<void> {
  const route = `${ADDRESSES.store}/conda-store/environments/${name}`;
  await ask(request, 'DELETE', route);
}

test('a person makes an environment with the form', async ({
  page,
  request
}) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'New environment' }).click();
  const form = editor(page);
  const build = form.getByRole('button', { name: 'Build', exact: true });
  await expect(form.getByLabel('Namespace')).toHaveValue('default');
  await expect(build).toBeDisabled();

  // Form and YAML go in step.
  await form.getByLabel('Name', { exact: true }).fill('made-here');
  await form.getByLabel('Description').fill('Made by a person');
  await expect(yaml(page)).toContainText('name: made-here');
  await yaml(page).getByText('made-here').click();
  await page.keyboard.press('End');
  await page.keyboard.insertText('-too # mine');
  await expect(form.getByLabel('Name', { exact: true })).toHaveValue(
    'made-here-too'
  );

  // The kernel is missed, and added at a click.
  await form
    .getByRole('button', { name: 'Remove the package ipykernel' })
    .click();
  await expect(yaml(page)).not.toContainText('ipykernel');
  await expect(form.getByText(/No package with a kernel/)).toBeVisible();
  await picture(page, 'edit-no-kernel');
  await accessible(page);
  await form.getByRole('button', { name: 'Add ipykernel' }).click();
  await expect(form.getByText(/No package with a kernel/)).toBeHidden();
  await expect(yaml(page)).toContainText('- ipykernel');
  await expect(yaml(page)).toContainText('# mine');

  // Names and versions are completed from the channels.
  const name = form.getByRole('combobox', { name: 'Add a package' });
  const options = form.getByRole('listbox').getByRole('option');
  await name.fill('ipyk');
  await expect(options.first()).toHaveText('ipykernel');
  await picture(page, 'edit-completion');
  await name.fill('');
  await form.getByRole('combobox', { name: 'Version of python' }).click();
  await expect(options.first()).toHaveText(/^=3\./);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(yaml(page)).toContainText(/- python=3\./);

  await build.click();
  await expect(
    form.getByText(/Build \d+ of default\/made-here-too is under way/)
  ).toBeVisible();
  await expect(build).toBeEnabled();
  await picture(page, 'edit-built');
  const row = panel.getByRole('treeitem', { name: /^default\/made-here-too,/ });
  await expect(row).toHaveAccessibleName(/queued|building|not downloaded/);
  await expect(
    panel.getByRole('button', { name: 'Launch default/made-here-too' })
  ).toBeVisible({ timeout: 600_000 });

  await remove(request, 'default/made-here-too');
});

test('a person edits one, looks first, and loses nothing', async ({
  page,
  request
}) => {
  await openLab(page, ADDRESSES.store);
  await choose(page, 'default/minimal', 'Edit…');
  const form = editor(page);
  await expect(yaml(page)).toContainText('- ipykernel');
  await form.getByRole('button', { name: /^Remove the package ipyk/ }).click();
  const name = form.getByRole('combobox', { name: 'Add a package' });
  await name.fill('numpy');
  await name.press('Enter');
  const preview = form.getByRole('button', { name: 'Preview', exact: true });
  const found = form.getByRole('region', { name: 'Preview' });
  await preview.click();
  await expect(found.getByRole('status')).toContainText(/1 added, \d+ removed/);
  await expect(found.getByRole('row', { name: /added numpy/ })).toBeVisible();
  await expect(
    found.getByRole('row', { name: /removed ipykernel/ })
  ).toBeVisible();
  await picture(page, 'edit-preview');
  await accessible(page);

  // What is asked for cannot be had.
  await name.fill('python-of-tomorrow>=9');
  await name.press('Enter');
  await expect(yaml(page)).toContainText('- python-of-tomorrow>=9');
  await preview.click();
  await expect(found.getByRole('alert')).toContainText('python-of-tomorrow');
  await picture(page, 'edit-unsolvable');

  // What is no specification.
  await write(page, 'name: minimal\nchannels: conda-forge\ndependencies:\n');
  const problems = form.getByRole('list', { name: 'Problems' });
  await expect(problems).toContainText('Line 2, column 1');
  await expect(
    form.getByRole('region', { name: 'Form' }).getByRole('alert')
  ).toContainText('cannot be shown as a form');
  await expect(form.getByLabel('Description')).toBeDisabled();
  await expect(preview).toBeDisabled();
  await expect(form.locator('.cm-lint-marker-error').first()).toBeVisible();
  await picture(page, 'edit-problems');
  await setTheme(page, 'JupyterLab Dark');
  await accessible(page);
  await write(
    page,
    '# kept\nname: minimal\nchannels:\n  - conda-forge\ndependencies:\n  - python\n  - numpy\n'
  );
  await expect(form.getByLabel('Description')).toBeEnabled();
  await picture(page, 'edit-in-the-dark');
  await accessible(page);
  await setTheme(page, 'JupyterLab Light');

  // A reload loses nothing, and closing asks. The layout is written after a moment of rest.
  await expect(form.getByText('Not built yet')).toBeVisible();
  const layout = () =>
    request
      .get(`${ADDRESSES.store}/lab/api/workspaces/default`, {
        headers: { Authorization: `token ${TOKEN}` }
      })
      .then(answer => answer.text());
  await expect.poll(layout).toContain('# kept');
  await page.goto(`${ADDRESSES.store}/lab`);
  await expect(yaml(page)).toContainText('# kept');
  await expect(editor(page).getByText('Not built yet')).toBeVisible();
  const tab = page.getByRole('tab', { name: 'minimal' });
  await tab.locator('.lm-TabBar-tabCloseIcon').click();
  await expect(page.getByText('Close without building?')).toBeVisible();
  await picture(page, 'edit-close');
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(tab).toHaveCount(0);
});

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
