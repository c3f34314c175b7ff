/** The notebook toolbar's item names the build that a kernel runs on. */

import type { ISessionContext } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { waitFor } from '@testing-library/dom';
import { KernelItem } from '../notebook';

/** The item for a kernel whose kernelspec names that build. */
function show(build_id: number | null): KernelItem {
  const identity = { namespace: 'default', environment: 'data', build_id };
  const spec = Promise.resolve({ metadata: { conda_store: identity } });
  const context = { session: { kernel: { spec } } };
  const kernelChanged = new Signal(context);
  const item = new KernelItem(
    { ...context, kernelChanged } as unknown as ISessionContext,
    new CommandRegistry(),
    nullTranslator.load('conda_store_labext')
  );
  Widget.attach(item, document.body);
  return item;
}

describe('KernelItem', () => {
  it('shows the build of a kernel that is of one build', async () => {
    const item = show(7);
    await waitFor(() =>
      expect(item.node.textContent).toContain('default/data #7')
    );
    item.dispose();
  });

  it('shows the build on which one that follows the active build was started', async () => {
    const item = show(null);
    await waitFor(() => expect(item.node.textContent).toBe('default/data'));
    const build = { namespace: 'default', environment: 'data', build_id: 8 };
    item.running = build;
    await waitFor(() => expect(item.node.textContent).toBe('default/data #8'));
    expect(item.node.querySelector('[data-running="8"]')).not.toBeNull();
    item.running = null;
    await waitFor(() => expect(item.node.textContent).toBe('default/data'));
    item.dispose();
  });
});
