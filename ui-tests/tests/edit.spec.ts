/** Making environments and changing what they are made of, as a person does it. */

import { expect, type Page } from '@playwright/test';
import { test } from './browser';
import { accessible, choose, editor, remove, yaml } from './editing';
import { openLab, openPanel, picture, setTheme } from './lab';
import { ADDRESSES, TOKEN } from './servers';

/** Put a text in the place of the YAML. */
async function write(page: Page, text: string): Promise<void> {
  await yaml(page).click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(text);
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
