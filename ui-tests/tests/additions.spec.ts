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

/** Writes a wheel of one module, and installs it as from an index. */
const install = (version: string) =>
  [
    'import zipfile',
    `name = "gamma-${version}"`,
    'with zipfile.ZipFile(f"/tmp/{name}-py3-none-any.whl", "w") as wheel:',
    '    info = f"{name}.dist-info"',
    `    wheel.writestr("gamma.py", "__version__ = '${version}'")`,
    `    wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: gamma\\nVersion: ${version}\\n")`,
    '    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")',
    '    wheel.writestr(f"{info}/RECORD", "gamma.py,,\\n")',
    `get_ipython().run_line_magic("pip", "install --no-index --find-links /tmp gamma==${version}")`,
    'import gamma; print("it has", gamma.__version__)'
  ].join('\n');

test('what a cell installs is listed in the toolbar, goes into the environment, and is discarded', async ({
  page,
  request
}) => {
  await openLab(page, ADDRESSES.store);
  const panel = await openPanel(page);
  const notebook = await launch(page, panel, 'default/minimal');
  await runCell(page, notebook, install('0.1'));
  await expect(notebook.locator('.jp-OutputArea').first()).toContainText(
    'it has 0.1'
  );
  const added = notebook.getByRole('button', { name: '1 package added' });
  await expect(added).toBeVisible();
  await runCell(page, notebook, install('0.2'), 'last');
  const warning = page.locator('.Toastify__toast', {
    hasText: 'gamma 0.1 is loaded, 0.2 is installed now.'
  });
  await expect(
    warning.getByRole('button', { name: 'Restart Kernel…' })
  ).toBeVisible();
  await picture(page, 'additions-loaded');

  await added.click();
  const dialog = page.locator('.jp-Dialog');
  await expect(dialog.getByRole('row', { name: /gamma 0\.2/ })).toBeVisible();
  await picture(page, 'additions');
  await dialog.getByRole('button', { name: 'Add to the Environment…' }).click();
  await expect(page.locator('.jp-CondaStore-editor:visible')).toContainText(
    'gamma>=0.2'
  );
  await picture(page, 'additions-promoted');

  await page.getByRole('tab', { name: /^Untitled\d*\.ipynb/ }).click();
  await added.click();
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
