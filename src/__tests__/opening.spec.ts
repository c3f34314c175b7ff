/** Opening a notebook: what became of its build is said before, and instead of, JupyterLab's question for a kernel. */

import type { IFinding } from '../notebook';
import { sayOnOpening } from '../notebook';
import { notebookBuild } from './fake/notebook';

const DELETED: IFinding = {
  message: 'default/data #7 was deleted from conda-store.',
  type: 'warning',
  offers: []
};

/** Until everything that can happen by itself has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    await Promise.resolve();
  }
}

/** Open one, of which there is this to say. */
function open(
  find: () => Promise<IFinding | null>,
  name = 'gone',
  instead: () => Promise<IFinding | null> = async () => null
) {
  const calls: string[] = [];
  const made = notebookBuild(true, { name });
  void sayOnOpening(made.panel, made.build, {
    instead,
    find,
    ask: () => calls.push('asked'),
    show: () => calls.push('shown')
  });
  return { ...made, calls };
}

it('a notebook without a kernel is asked about here, and JupyterLab asks nothing', async () => {
  const { build, kernel, calls, sessionContext } = open(async () => DELETED);
  expect(await sessionContext.initialize()).toBe(false);
  await settled();
  expect(calls).toEqual(['asked']);
  await build.use({ namespace: 'n', environment: 'e', build_id: 8 });
  expect(kernel()).toBe('conda-store-8');
});

it('a notebook with a kernel has it said beside', async () => {
  const { calls, sessionContext, kernel } = open(
    async () => DELETED,
    'irkernel'
  );
  expect(await sessionContext.initialize()).toBe(false);
  await settled();
  expect([kernel(), calls]).toEqual(['irkernel', ['shown']]);
});

it('a kernel that cannot start is not begun, and what to do is asked instead', async () => {
  const none = async () => null;
  const { calls, sessionContext, kernel } = open(
    none,
    'irkernel',
    async () => DELETED
  );
  expect(await sessionContext.initialize()).toBe(false);
  await settled();
  expect([kernel(), calls]).toEqual([null, ['asked']]);

  const away = () => Promise.reject(new Error('The server is away.'));
  const other = open(none, 'irkernel', away);
  expect(await other.sessionContext.initialize()).toBe(false);
  expect(other.kernel()).toBe('irkernel');
});

it('JupyterLab asks as ever where there is nothing to say, or it cannot be asked', async () => {
  for (const find of [
    async () => null,
    () => Promise.reject(new Error('The server is away.'))
  ]) {
    const { calls, sessionContext } = open(find);
    expect(await sessionContext.initialize()).toBe(true);
    await settled();
    expect(calls).toEqual([]);
  }
});

it('JupyterLab asks where that takes too long, and it is said later', async () => {
  jest.useFakeTimers();
  try {
    let tell: (finding: IFinding) => void = () => undefined;
    const { calls, sessionContext } = open(
      () =>
        new Promise(resolve => {
          tell = resolve;
        })
    );
    const asks = sessionContext.initialize();
    await jest.advanceTimersByTimeAsync(4000);
    expect(await asks).toBe(true);
    expect(calls).toEqual([]);
    tell(DELETED);
    await settled();
    expect(calls).toEqual(['shown']);
  } finally {
    jest.useRealTimers();
  }
});
