/** The offers of a notebook's toolbar: to the newer build and back, as long as a kernel of conda-store's runs. */

import { KERNELSPECS } from '@jupyterlab/services/lib/testutils';
import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { configure, waitFor } from '@testing-library/dom';
import { BuildItem } from '../notebook';
import { notebookRecord as RECORD, notebookStatus } from './fake';
import { drawnByJupyterLab } from './fake/drawing';
import { notebookBuild } from './fake/notebook';

configure({ asyncUtilTimeout: 30_000 });
jest.setTimeout(60_000);
drawnByJupyterLab();

it('switches to the newer build and back, and offers nothing without a kernel', async () => {
  let running = 7;
  const made = notebookBuild(
    true,
    { name: RECORD.kernel },
    {
      notebookRecord: async () => ({ ...RECORD, build_id: running }),
      notebookStatus: async () =>
        notebookStatus('superseded', { active_build_id: 9 })
    }
  );
  const { build, fetched, kernel, sessionContext } = made;
  const spec = { ...KERNELSPECS.python3, name: RECORD.kernel };
  Object.assign(sessionContext.specsManager.specs!, {
    kernelspecs: { ...KERNELSPECS, [RECORD.kernel]: spec }
  });
  const item = new BuildItem(
    build,
    to => {
      running = to.build_id ?? 0;
      void build.use(to);
    },
    nullTranslator.load('conda_store_labext')
  );
  Widget.attach(item, document.body);
  const buttons = () =>
    [...item.node.querySelectorAll<HTMLElement>('jp-button')].map(node => ({
      label: node.textContent,
      press: () => node.click()
    }));
  const offers = (...labels: string[]) =>
    waitFor(() => expect(buttons().map(({ label }) => label)).toEqual(labels));

  await sessionContext.initialize();
  await offers('Switch to #9');
  buttons()[0].press();
  await waitFor(() => expect(kernel()).toBe('conda-store-9'));
  await offers('Back to #7');
  buttons()[0].press();
  await waitFor(() => expect(kernel()).toBe('conda-store-7'));
  await offers('Switch to #9');
  expect(fetched).toEqual([9, 7]);
  await sessionContext.shutdown();
  await offers();
  item.dispose();
  build.dispose();
});
