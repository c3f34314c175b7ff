/** Packages that a cell installs are seen in the toolbar, listed and discarded; a missing module's package is offered. */

import { expect, test } from '@playwright/test';
import {
  endKernels,
  launch,
  openLab,
  openPanel,
  picture,
  runCell
} from './lab';
import { ADDRESSES } from './servers';

/** Writes a wheel of one module, and installs it. */
const INSTALL = [
  'import zipfile',
  'with zipfile.ZipFile("/tmp/gamma-0.1-py3-none-any.whl", "w") as wheel:',
  '    wheel.writestr("gamma.py", "VERSION = 1")',
  '    wheel.writestr("gamma-0.1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: gamma\\nVersion: 0.1\\n")',
  '    wheel.writestr("gamma-0.1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")',
  '    wheel.writestr("gamma-0.1.dist-info/RECORD", "")',
  'get_ipython().run_line_magic("pip", "install --no-index /tmp/gamma-0.1-py3-none-any.whl")',
  'import gamma; print("it has", gamma.VERSION)'
].join('\n');

test('what a cell installs is listed in the toolbar, and discarded there', async ({
  page,
  request
}) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  const notebook = await launch(page, panel, 'default/minimal');
  await runCell(page, notebook, INSTALL);
  await expect(notebook.locator('.jp-OutputArea').first()).toContainText(
    'it has 1'
  );
  await notebook.getByRole('button', { name: '1 package added' }).click();
  const dialog = page.locator('.jp-Dialog');
  await expect(dialog.getByRole('row', { name: /gamma 0\.1/ })).toBeVisible();
  await picture(page, 'additions');
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await expect(
    notebook.getByRole('button', { name: /packages? added/ })
  ).toBeHidden();
  await endKernels(request, ADDRESSES.store);
});

test('the package of a missing module is offered below the cell, and proposed to the environment', async ({
  page,
  request
}) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  const notebook = await launch(page, panel, 'default/minimal');
  await runCell(page, notebook, 'import cv2');
  const offer = notebook.getByRole('group', { name: 'Missing module cv2' });
  await expect(
    offer.getByRole('button', { name: 'Add to My Additions' })
  ).toBeVisible();
  await picture(page, 'missing-module');
  await offer.getByRole('button', { name: /Propose/ }).click();
  await expect(offer).toBeHidden();
  await expect(page.locator('.jp-CondaStore-editor:visible')).toContainText(
    'opencv'
  );
  await endKernels(request, ADDRESSES.store);
});
