import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { KernelSpec } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Opener } from '../commands/opener';
import { EnvironmentsModel } from '../model';
import { FakeApi, localCopy } from './fake';

const BUILD = { namespace: 'default', environment: 'data', build_id: null };
const KERNEL = localCopy().kernels[0];

/** An opener whose Jupyter server knows these kernelspecs after so many refreshes. */
function make(kernels: string[], refreshes = 1) {
  const api = new FakeApi();
  const model = new EnvironmentsModel({ api });
  const commands = new CommandRegistry();
  const opened: unknown[] = [];
  let count = 0;
  const kernelspecs: Pick<KernelSpec.IManager, 'specs' | 'refreshSpecs'> = {
    specs: null,
    refreshSpecs: async () => {
      const names = ++count >= refreshes ? kernels : [];
      Object.assign(kernelspecs, {
        specs: {
          default: '',
          kernelspecs: Object.fromEntries(names.map(name => [name, {}]))
        }
      });
    }
  };
  const documents: Pick<IDocumentManager, 'newUntitled' | 'openOrReveal'> = {
    newUntitled: async options => {
      opened.push(options);
      return { path: 'Untitled.ipynb' } as Awaited<
        ReturnType<IDocumentManager['newUntitled']>
      >;
    },
    openOrReveal: (...args) => {
      opened.push(args);
      return undefined;
    }
  };
  commands.addCommand('console:create', {
    describedBy: { args: {} },
    execute: args => {
      opened.push(args);
    }
  });
  const opener = new Opener({
    model,
    kernelspecs: kernelspecs as KernelSpec.IManager,
    documents: documents as IDocumentManager,
    commands,
    trans: nullTranslator.load('conda_store_labext'),
    fileBrowser: null,
    notebooks: null
  });
  return { api, model, opener, opened };
}

describe('Opener', () => {
  it('gives the kernel once the page knows its kernelspec', async () => {
    const { api, opener } = make([KERNEL.name]);
    expect(await opener.kernel(BUILD)).toEqual(KERNEL);
    expect(api.calls).toEqual(['fetchCopy default/data ']);
  });

  it('asks the server to register a kernelspec that went missing', async () => {
    const { api, opener } = make([KERNEL.name], 2);
    expect(await opener.kernel(BUILD)).toEqual(KERNEL);
    expect(api.calls).toEqual([
      'fetchCopy default/data ',
      'fetchCopy default/data 1'
    ]);
  });

  it('asks the server to register the kernels of a copy that came without', async () => {
    const { api, model, opener } = make([KERNEL.name]);
    model.copies.apply(localCopy({ kernels: [] }));
    expect(await opener.kernel({ ...BUILD, build_id: 1 })).toEqual(KERNEL);
    expect(api.calls).toEqual(['fetchCopy default/data 1']);
  });

  it('says what to add to an environment without a kernel', async () => {
    const { api, opener } = make([]);
    api.started = localCopy({ kernels: [] });
    await expect(opener.kernel(BUILD)).rejects.toMatchObject({
      code: 'no_kernel',
      message: expect.stringContaining('ipykernel')
    });
  });

  it('opens a new notebook, or a console, on the kernel', async () => {
    const { opener, opened } = make([KERNEL.name]);
    await opener.openNotebook(KERNEL);
    await opener.openConsole(KERNEL);
    expect(opened).toEqual([
      { path: '', type: 'notebook' },
      ['Untitled.ipynb', 'default', { name: KERNEL.name }],
      { cwd: '', kernelPreference: { name: KERNEL.name }, activate: true }
    ]);
  });

  it('offers consoles where there are some, and the current notebook if there is one', () => {
    const { opener } = make([]);
    expect(opener.hasConsoles).toBe(true);
    expect(opener.hasNotebook).toBe(false);
  });
});
