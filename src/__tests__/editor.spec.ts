import { nullTranslator } from '@jupyterlab/translation';
import type { IDraft } from '../model';
import { EditorModel, readDraft, writeDraft } from '../model';
import { CondaStoreError } from '../api/request';
import {
  addPackage,
  newSpecification,
  setChannels,
  setName
} from '../specification';
import type { IBuildDetail } from '../tokens';
import { build, environment, FakeApi, UNREACHABLE } from './fake';

const trans = nullTranslator.load('conda_store_labext');

describe('The model of the editing page', () => {
  let api: FakeApi;
  let built: IBuildDetail[];
  let models: EditorModel[];

  const make = (draft: Partial<IDraft>) => {
    const model = new EditorModel({
      api,
      trans,
      draft,
      built: made => built.push(made)
    });
    models.push(model);
    return model;
  };
  const create = async (text = newSpecification('data')) => {
    const model = make({ text, saved: text });
    await model.load();
    return model;
  };
  const edit = async (rest: Partial<IDraft> = {}) => {
    const model = make({ namespace: 'default', environment: 'data', ...rest });
    await model.load();
    return model;
  };
  const asked = (route: string) =>
    api.calls.filter(call => call.startsWith(`${route} `));

  beforeEach(() => {
    api = new FakeApi();
    api.rows = [environment('data', { current_build_id: 1, may: ['build'] })];
    api.buildRows = [build(1)];
    built = [];
    models = [];
  });

  afterEach(() => {
    models.forEach(model => model.dispose());
  });

  describe('for a new environment', () => {
    beforeEach(() => {
      api.buildRows = [];
    });

    it('chooses the own namespace, and another one where that is not allowed', async () => {
      expect((await create()).namespace).toBe('default');
      api.namespaceList = [
        { name: 'default', environments: 1, may: [] },
        { name: 'mine', environments: 0, may: ['create_environment'] }
      ];
      const model = await create();
      expect(model.namespace).toBe('mine');
      expect(model.rights.writable).toEqual(['mine']);
    });

    it('cannot be built where there is no namespace for it', async () => {
      api.namespaceList = [{ name: 'default', environments: 1, may: [] }];
      const model = await create();
      expect(model.mayBuild).toBe(false);
      expect(model.canBuild).toBe(false);
      expect(model.canPreview).toBe(true);
    });

    it('creates a namespace and goes there', async () => {
      const model = await create();
      await model.createNamespace('team');
      expect(model.namespace).toBe('team');
      expect(model.rights.writable).toContain('team');
    });

    it('is built once it has a name', async () => {
      const model = await create(newSpecification(''));
      expect(model.dirty).toBe(false);
      expect(model.canBuild).toBe(false);
      model.edit(text => setName(text, 'analysis'));
      expect(model.dirty).toBe(true);
      expect(model.name).toBe('analysis');
      await model.build();
      expect(asked('createBuild')).toEqual([
        `createBuild ${JSON.stringify({
          namespace: 'default',
          specification: newSpecification('analysis')
        })}`
      ]);
      expect(built).toHaveLength(1);
      expect(model.dirty).toBe(false);
      expect(model.isExisting).toBe(true);
    });

    it('says that there is one of that name, and builds all the same when told to', async () => {
      api.buildRows = [build(7)];
      const model = await create();
      await model.build();
      expect(model.conflict).toBe(7);
      expect(asked('createBuild')).toEqual([]);
      await model.build(true);
      expect(model.conflict).toBeNull();
      expect(asked('createBuild')).toHaveLength(1);
    });

    it('may be the first of its name', async () => {
      api.failures.builds = new CondaStoreError('not_found', 'None.', 404);
      const model = await create();
      await model.build();
      expect(built).toHaveLength(1);
    });

    it('shows why the server refused it, until it is changed', async () => {
      api.failures.createBuild = new CondaStoreError('invalid', 'Not so.');
      const model = await create();
      await model.build();
      expect(model.buildError?.message).toBe('Not so.');
      expect(model.building).toBe(false);
      model.edit(text => addPackage(text, 'numpy'));
      expect(model.buildError).toBeNull();
    });
  });

  describe('for one that exists', () => {
    it('has the text of the active build', async () => {
      const model = await edit();
      expect(model.text).toBe(api.specification);
      expect(model.since).toBe(1);
      expect(model.dirty).toBe(false);
      expect(model.missingKernel).toBe('ipykernel');
    });

    it('can begin with another build', async () => {
      const model = await edit({ since: 5 });
      expect(asked('buildSpecification')).toEqual(['buildSpecification 5']);
      expect(model.activeBuild).toBe(1);
    });

    it('says so when nobody has built it', async () => {
      api.rows = [environment('data', { current_build_id: null })];
      api.buildRows = [];
      const model = await edit();
      expect(model.loadError?.message).toContain('has no build');
    });

    it('keeps the name', async () => {
      const model = await edit();
      model.setText(model.text.replace('data', 'other'));
      expect(model.problems[0]).toMatchObject({ severity: 'error', line: 1 });
      expect(model.canBuild).toBe(false);
    });

    it('cannot be built without the right to', async () => {
      api.rows = [environment('data', { current_build_id: 1, may: [] })];
      const model = await edit();
      expect(model.canBuild).toBe(false);
    });

    it('does not bury what somebody built meanwhile', async () => {
      const model = await edit();
      model.edit(text => addPackage(text, 'numpy'));
      api.buildRows = [build(2), build(1)];
      await model.build();
      expect(model.conflict).toBe(2);
      expect(model.dirty).toBe(true);
      await model.runPreview(2);
      expect(asked('preview')[0]).toContain('"since":2');
    });

    it('does not take its own build for somebody else’s', async () => {
      const model = await edit();
      await model.build();
      api.buildRows = [build(2), build(1)];
      await model.build();
      expect(model.conflict).toBeNull();
      expect(built).toHaveLength(2);
    });

    it('stays as it was shown where the server goes away once its build is begun', async () => {
      const model = await edit();
      model.setText(addPackage(model.text, 'numpy'));
      const unhandled = jest.fn();
      process.on('unhandledRejection', unhandled);
      try {
        api.failures.environment = UNREACHABLE;
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
      api.lockfile = true;
      const model = await edit();
      expect(model.isLockfile).toBe(true);
      model.edit(text => addPackage(text, 'numpy'));
      expect(model.dirty).toBe(false);
      model.writeSpecification();
      expect(model.isLockfile).toBe(false);
      expect(model.name).toBe('data');
      expect(model.canBuild).toBe(true);
    });
  });

  it('builds a lockfile under the name that it is given', async () => {
    api.buildRows = [];
    const model = make({ text: '{}', saved: '{}', is_lockfile: true });
    await model.load();
    expect(model.canBuild).toBe(false);
    model.setName('locked');
    await model.build();
    expect(asked('createBuild')[0]).toContain(
      '"is_lockfile":true,"environment":"locked"'
    );
  });

  it('keeps the last form while the YAML is broken', async () => {
    const model = await create();
    model.setText('name: [');
    expect(model.content).toBeNull();
    expect(model.lastContent?.name).toBe('data');
    expect(model.canPreview).toBe(false);
    model.edit(text => setChannels(text, []));
    expect(model.text).toBe('name: [');
  });

  describe('the preview', () => {
    it('compares with the active build', async () => {
      const model = await edit();
      await model.runPreview();
      expect(asked('preview')).toEqual([
        `preview ${JSON.stringify({
          namespace: 'default',
          specification: model.text,
          since: 1
        })}`
      ]);
      expect(model.preview.result).toBe(api.previewed);
      expect(model.previewIsOld).toBe(false);
      model.edit(text => addPackage(text, 'numpy'));
      expect(model.previewIsOld).toBe(true);
      model.preview.clear();
      expect(model.preview.request).toBeNull();
    });

    it('shows why there is no solution', async () => {
      api.failures.preview = new CondaStoreError('unsolvable', 'No numpy.');
      const model = await create();
      await model.runPreview();
      expect(model.preview.error?.message).toBe('No numpy.');
      expect(model.preview.result).toBeNull();
      expect(model.preview.running).toBe(false);
    });
  });

  it('goes on after a reload where it was', async () => {
    const model = await edit();
    model.edit(text => addPackage(text, 'numpy'));
    const kept = JSON.parse(JSON.stringify(writeDraft(model.draft)));
    const again = make(readDraft(kept)!);
    await again.load();
    expect(again.text).toBe(model.text);
    expect(again.dirty).toBe(true);
    api.buildRows = [build(2), build(1)];
    await again.build();
    expect(again.conflict).toBe(2);
    expect(readDraft(null)).toBeNull();
    expect(readDraft({ name: 'x' })).toBeNull();
  });

  it('says why nothing came, and tries again', async () => {
    api.failures.namespaces = new CondaStoreError('server_unreachable', 'No.');
    const model = await edit();
    expect(model.loadError?.message).toBe('No.');
    api.failures = {};
    await model.load();
    expect(model.loadError).toBeNull();
    expect(model.text).toBe(api.specification);
  });

  it('completes names and versions', async () => {
    api.known = {
      'my-numpy': [],
      numpy: ['2.1.0', '1.26.4'],
      'numpy-base': []
    };
    const model = await create();
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
    expect(asked('packageVersions')).toHaveLength(1);
  });
});
