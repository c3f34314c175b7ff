/** Switching a notebook's build: nothing that a kernel holds is lost without a question. */

import { notebookBuild, runSomething } from './fake/notebook';

const to = (build_id: number) => ({
  namespace: 'default',
  environment: 'data',
  build_id
});

/** A notebook whose kernel was started just now. */
async function started(answer = true) {
  const made = notebookBuild(answer, { name: 'irkernel' });
  made.build.kernelUse.isNew();
  await made.sessionContext.initialize();
  return made;
}

it('nobody is asked where there is no kernel, or one that has run nothing', async () => {
  const none = notebookBuild();
  void none.sessionContext.initialize();
  await none.build.use(to(1));
  expect([none.kernel(), none.asked]).toEqual(['conda-store-1', []]);

  const fresh = await started();
  await fresh.build.use(to(1));
  await fresh.build.use(to(2));
  expect([fresh.kernel(), fresh.asked]).toEqual(['conda-store-2', []]);
});

it('a kernel that has run something is ended only by who agrees, before anything is fetched', async () => {
  const kept = await started(false);
  runSomething(kept.sessionContext);
  await kept.build.use(to(2));
  expect([kept.kernel(), kept.fetched]).toEqual(['irkernel', []]);
  expect(kept.asked).toEqual([false]);

  const ended = await started();
  runSomething(ended.sessionContext);
  await ended.build.use(to(2));
  expect([ended.kernel(), ended.asked]).toEqual(['conda-store-2', [false]]);
  await ended.build.use(to(1));
  expect(ended.asked).toHaveLength(1);
});

it('a kernel that runs a cell is said to be busy', async () => {
  const { asked, build, sessionContext } = await started(false);
  const kernel = sessionContext.session!.kernel!;
  Object.defineProperty(kernel, 'status', { value: 'busy' });
  await build.use(to(2));
  expect(asked).toEqual([true]);
});

it('what was run while the build came is asked about once more', async () => {
  const { asked, build, during, kernel, sessionContext } = await started(false);
  during.fetch = async () => runSomething(sessionContext);
  await build.use(to(2));
  expect([kernel(), asked, build.switching]).toEqual([
    'irkernel',
    [false],
    false
  ]);
});

it('a kernel that was there before the page is taken to hold what the cells say', async () => {
  const { asked, build, panel, sessionContext } = notebookBuild(false, {
    name: 'irkernel'
  });
  await sessionContext.initialize();
  expect(build.kernelUse.inUse).toBe(false);
  panel.content.model.cells.push({ type: 'code', executionCount: 3 });
  await build.use(to(2));
  expect(asked).toEqual([false]);
});

it('a restart lets it forget', async () => {
  const { build, sessionContext } = await started();
  runSomething(sessionContext);
  expect(build.kernelUse.inUse).toBe(true);
  await sessionContext.restartKernel();
  expect(build.kernelUse.inUse).toBe(false);
});

it('of two wishes the last one counts, and a closed notebook wants nothing', async () => {
  const { build, during, kernel, sessionContext } = await started();
  during.fetch = async () => {
    during.fetch = async () => undefined;
    await build.use(to(2));
  };
  await build.use(to(1));
  expect(kernel()).toBe('conda-store-2');

  during.fetch = async () => {
    build.dispose();
    sessionContext.dispose();
  };
  await expect(build.use(to(3))).resolves.toBeUndefined();
  await expect(build.use(to(4))).resolves.toBeUndefined();
});
