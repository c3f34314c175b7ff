/** The editing page of an environment that exists, and the preview of its changes. */

import { CondaStoreError } from '../api/request';
import { addPackage } from '../specification';
import { build, environment, UNREACHABLE } from './fake';
import { Editing } from './fake/editing';

describe('The model of the editing page', () => {
  let page: Editing;

  beforeEach(() => {
    page = new Editing();
  });

  afterEach(() => page.dispose());

  describe('for one that exists', () => {
    it('has the text of the active build', async () => {
      const model = await page.edit();
      expect(model.text).toBe(page.api.specification);
      expect(model.since).toBe(1);
      expect(model.dirty).toBe(false);
      expect(model.missingKernel).toBe('ipykernel');
    });

    it('can begin with another build', async () => {
      const model = await page.edit({ since: 5 });
      expect(page.asked('buildSpecification')).toEqual([
        'buildSpecification 5'
      ]);
      expect(model.activeBuild).toBe(1);
    });

    it('says so when nobody has built it', async () => {
      page.api.rows = [environment('data', { current_build_id: null })];
      page.api.buildRows = [];
      const model = await page.edit();
      expect(model.loadError?.message).toContain('has no build');
    });

    it('keeps the name', async () => {
      const model = await page.edit();
      model.setText(model.text.replace('data', 'other'));
      expect(model.problems[0]).toMatchObject({ severity: 'error', line: 1 });
      expect(model.canBuild).toBe(false);
    });

    it('cannot be built without the right to', async () => {
      page.api.rows = [environment('data', { current_build_id: 1, may: [] })];
      const model = await page.edit();
      expect(model.canBuild).toBe(false);
    });

    it('does not bury what somebody built meanwhile', async () => {
      const model = await page.edit();
      model.edit(text => addPackage(text, 'numpy'));
      page.api.buildRows = [build(2), build(1)];
      await model.build();
      expect(model.conflict).toBe(2);
      expect(model.dirty).toBe(true);
      await model.runPreview(2);
      expect(page.asked('preview')[0]).toContain('"since":2');
    });

    it('does not take its own build for somebody else’s', async () => {
      const model = await page.edit();
      await model.build();
      page.api.buildRows = [build(2), build(1)];
      await model.build();
      expect(model.conflict).toBeNull();
      expect(page.built).toHaveLength(2);
    });

    it('stays as it was shown where the server goes away once its build is begun', async () => {
      const model = await page.edit();
      model.setText(addPackage(model.text, 'numpy'));
      const unhandled = jest.fn();
      process.on('unhandledRejection', unhandled);
      try {
        page.api.failures.environment = UNREACHABLE;
        await model.build();
        await new Promise(resolve => setTimeout(resolve));
        expect(model.lastBuild).not.toBeNull();
        expect(model.environment?.name).toBe('data');
        expect(unhandled).not.toHaveBeenCalled();
      } finally {
        process.off('unhandledRejection', unhandled);
      }
    });

    it('that came from a lockfile is built as it is, or written anew', async () => {
      page.api.lockfile = true;
      const model = await page.edit();
      expect(model.isLockfile).toBe(true);
      model.edit(text => addPackage(text, 'numpy'));
      expect(model.dirty).toBe(false);
      model.writeSpecification();
      expect(model.isLockfile).toBe(false);
      expect(model.name).toBe('data');
      expect(model.canBuild).toBe(true);
    });
  });

  describe('the preview', () => {
    it('compares with the active build', async () => {
      const model = await page.edit();
      await model.runPreview();
      expect(page.asked('preview')).toEqual([
        `preview ${JSON.stringify({
          namespace: 'default',
          specification: model.text,
          since: 1
        })}`
      ]);
      expect(model.preview.result).toBe(page.api.previewed);
      expect(model.previewIsOld).toBe(false);
      model.edit(text => addPackage(text, 'numpy'));
      expect(model.previewIsOld).toBe(true);
      model.preview.clear();
      expect(model.preview.request).toBeNull();
    });

    it('shows why there is no solution', async () => {
      page.api.failures.preview = new CondaStoreError(
        'unsolvable',
        'No numpy.'
      );
      const model = await page.create();
      await model.runPreview();
      expect(model.preview.error?.message).toBe('No numpy.');
      expect(model.preview.result).toBeNull();
      expect(model.preview.running).toBe(false);
    });
  });
});
