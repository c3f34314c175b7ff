/** The editing page of a new environment, and what it does for any. */

import { readDraft, writeDraft } from '../model';
import { CondaStoreError } from '../api/request';
import {
  addPackage,
  newSpecification,
  setChannels,
  setName
} from '../specification';
import { build } from './fake';
import { Editing } from './fake/editing';

describe('The model of the editing page', () => {
  let page: Editing;

  beforeEach(() => {
    page = new Editing();
  });

  afterEach(() => page.dispose());

  describe('for a new environment', () => {
    beforeEach(() => {
      page.api.buildRows = [];
    });

    it('chooses the own namespace, and another one where that is not allowed', async () => {
      expect((await page.create()).namespace).toBe('default');
      page.api.namespaceList = [
        { name: 'default', environments: 1, may: [] },
        { name: 'mine', environments: 0, may: ['create_environment'] }
      ];
      const model = await page.create();
      expect(model.namespace).toBe('mine');
      expect(model.rights.writable).toEqual(['mine']);
    });

    it('cannot be built where there is no namespace for it', async () => {
      page.api.namespaceList = [{ name: 'default', environments: 1, may: [] }];
      const model = await page.create();
      expect(model.mayBuild).toBe(false);
      expect(model.canBuild).toBe(false);
      expect(model.canPreview).toBe(true);
    });

    it('creates a namespace and goes there', async () => {
      const model = await page.create();
      await model.createNamespace('team');
      expect(model.namespace).toBe('team');
      expect(model.rights.writable).toContain('team');
    });

    it('is built once it has a name', async () => {
      const model = await page.create(newSpecification(''));
      expect(model.dirty).toBe(false);
      expect(model.canBuild).toBe(false);
      model.edit(text => setName(text, 'analysis'));
      expect(model.dirty).toBe(true);
      expect(model.name).toBe('analysis');
      await model.build();
      expect(page.asked('createBuild')).toEqual([
        `createBuild ${JSON.stringify({
          namespace: 'default',
          specification: newSpecification('analysis')
        })}`
      ]);
      expect(page.built).toHaveLength(1);
      expect(model.dirty).toBe(false);
      expect(model.isExisting).toBe(true);
    });

    it('says that there is one of that name, and builds all the same when told to', async () => {
      page.api.buildRows = [build(7)];
      const model = await page.create();
      await model.build();
      expect(model.conflict).toBe(7);
      expect(page.asked('createBuild')).toEqual([]);
      await model.build(true);
      expect(model.conflict).toBeNull();
      expect(page.asked('createBuild')).toHaveLength(1);
    });

    it('may be the first of its name', async () => {
      page.api.failures.builds = new CondaStoreError('not_found', 'None.', 404);
      const model = await page.create();
      await model.build();
      expect(page.built).toHaveLength(1);
    });

    it('shows why the server refused it, until it is changed', async () => {
      page.api.failures.createBuild = new CondaStoreError('invalid', 'Not so.');
      const model = await page.create();
      await model.build();
      expect(model.buildError?.message).toBe('Not so.');
      expect(model.building).toBe(false);
      model.edit(text => addPackage(text, 'numpy'));
      expect(model.buildError).toBeNull();
    });
  });

  it('builds a lockfile under the name that it is given', async () => {
    page.api.buildRows = [];
    const model = page.make({ text: '{}', saved: '{}', is_lockfile: true });
    await model.load();
    expect(model.canBuild).toBe(false);
    model.setName('locked');
    await model.build();
    expect(page.asked('createBuild')[0]).toContain(
      '"is_lockfile":true,"environment":"locked"'
    );
  });

  it('keeps the last form while the YAML is broken', async () => {
    const model = await page.create();
    model.setText('name: [');
    expect(model.content).toBeNull();
    expect(model.lastContent?.name).toBe('data');
    expect(model.canPreview).toBe(false);
    model.edit(text => setChannels(text, []));
    expect(model.text).toBe('name: [');
  });

  it('goes on after a reload where it was', async () => {
    const model = await page.edit();
    model.edit(text => addPackage(text, 'numpy'));
    const kept = JSON.parse(JSON.stringify(writeDraft(model.draft)));
    const again = page.make(readDraft(kept)!);
    await again.load();
    expect(again.text).toBe(model.text);
    expect(again.dirty).toBe(true);
    page.api.buildRows = [build(2), build(1)];
    await again.build();
    expect(again.conflict).toBe(2);
    expect(readDraft(null)).toBeNull();
    expect(readDraft({ name: 'x' })).toBeNull();
  });

  it('says why nothing came, and tries again', async () => {
    page.api.failures.namespaces = new CondaStoreError(
      'server_unreachable',
      'No.'
    );
    const model = await page.edit();
    expect(model.loadError?.message).toBe('No.');
    page.api.failures = {};
    await model.load();
    expect(model.loadError).toBeNull();
    expect(model.text).toBe(page.api.specification);
  });

  it('completes names and versions', async () => {
    page.api.known = {
      'my-numpy': [],
      numpy: ['2.1.0', '1.26.4'],
      'numpy-base': []
    };
    const model = await page.create();
    const { completions } = model;
    completions.askNames('Nump');
    while (!completions.names('nump').length) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    expect(completions.names('nump')).toEqual([
      'numpy',
      'numpy-base',
      'my-numpy'
    ]);
    await completions.askVersions('numpy');
    await completions.askVersions('numpy');
    expect(completions.versions('numpy')).toEqual(['2.1.0', '1.26.4']);
    expect(page.asked('packageVersions')).toHaveLength(1);
  });
});
