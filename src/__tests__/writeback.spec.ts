/** The command that writes back: what it asks for, what its dialog offers, what it sends. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import type {
  IChangesRequest,
  IRepositoryChanges,
  IVisit,
  IWriteBackRequest
} from '../api/repositories';
import { addWriteBackCommand } from '../commands/writeback';
import { CommandIDs } from '../tokens';

const CHANGES: IRepositoryChanges = {
  folder: 'course',
  files: ['environment.yml'],
  diff: '+  - seaborn',
  branch: 'main',
  new_branch: 'conda-store/2026-01-01',
  author: true,
  lockfile: null,
  left_out: []
};

const WRITTEN = {
  state: 'ready',
  error: null,
  written: {
    branch: 'b',
    commit: 'c',
    pushed_to: 'https://host.org/o/r',
    request: null,
    saved_in: null,
    why: null
  }
} as unknown as IVisit;

/** The command for the notebook that is open, and what it was asked; `row` is under the context menu. */
function make(
  changes: Partial<IRepositoryChanges>,
  row: Record<string, string> = {}
) {
  const commands = new CommandRegistry();
  const asked: IChangesRequest[] = [];
  const written: IWriteBackRequest[] = [];
  const node = document.createElement('div');
  Object.assign(node.dataset, row);
  addWriteBackCommand({
    app: {
      commands,
      contextMenuHitTest: () => node
    } as unknown as JupyterFrontEnd,
    trans: nullTranslator.load('conda_store_labext'),
    api: {
      changes: async request => {
        asked.push(request);
        return { ...CHANGES, ...changes };
      },
      write: async request => {
        written.push(request);
        return WRITTEN;
      },
      visit: async () => WRITTEN
    },
    current: () => 'course/a.ipynb',
    build: () => 'default/data:3'
  });
  return { commands, asked, written };
}

/** Wait for the dialog. */
async function dialog(): Promise<HTMLElement> {
  for (;;) {
    const shown = document.querySelector<HTMLElement>('.jp-Dialog');
    if (shown) {
      return shown;
    }
    await new Promise(done => setTimeout(done, 1));
  }
}

const box = (shown: HTMLElement) =>
  shown.querySelector<HTMLInputElement>('input[type=checkbox]')!;
const accept = (shown: HTMLElement) =>
  shown.querySelector<HTMLElement>('.jp-mod-accept')!.click();

afterEach(() => Notification.dismiss());

it('the lockfile of the notebook’s build is offered, and ticked where there is one', async () => {
  for (const [lockfile, ticked] of [
    [null, false],
    ['conda-lock.yml', true]
  ] as const) {
    const { commands, asked, written } = make({ lockfile });
    const done = commands.execute(CommandIDs.writeBack);
    const shown = await dialog();
    expect(box(shown).checked).toBe(ticked);
    accept(shown);
    await done;
    expect(asked).toEqual([
      { path: 'course/a.ipynb', additions: '', lock: '' }
    ]);
    expect(written[0]).toMatchObject({
      path: 'course/a.ipynb',
      files: ['environment.yml'],
      lock: ticked ? 'default/data:3' : ''
    });
  }
});

it('what was added is listed without a lockfile that would lack it', async () => {
  const { commands, asked, written } = make({ left_out: ['gamma'] });
  const done = commands.execute(CommandIDs.writeBack, {
    path: 'course/a.ipynb',
    additions: 'key'
  });
  const shown = await dialog();
  expect(box(shown).parentElement!.hidden).toBe(true);
  expect(shown.textContent).toContain('cannot list it: gamma');
  accept(shown);
  await done;
  expect(asked[0].additions).toBe('key');
  expect(written[0]).toMatchObject({ additions: 'key', lock: '' });
});

it('a row of the panel gives its lockfile', async () => {
  const row = { namespace: 'default', environment: 'data', build: '7' };
  const { commands, asked, written } = make({}, row);
  const done = commands.execute(CommandIDs.writeBack, { lockfile: true });
  accept(await dialog());
  await done;
  expect(asked[0].lock).toBe('default/data:7');
  expect(written[0].lock).toBe('default/data:7');
});
