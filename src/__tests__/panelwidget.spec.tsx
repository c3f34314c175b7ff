/** The panel as a widget that JupyterLab moves and activates. */

import { nullTranslator } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { waitFor } from '@testing-library/react';
import { EnvironmentsModel } from '../model';
import { CondaStorePanel } from '../widgets';
import { FakeApi, FakeCommands } from './fake';

describe('activating the panel', () => {
  const model = new EnvironmentsModel({ api: new FakeApi() });
  const props = { model, commands: new FakeCommands() };
  const trans = nullTranslator.load('conda_store_labext');
  const panel = new CondaStorePanel(props, trans, () => undefined);
  const focused = () => document.activeElement?.getAttribute('aria-label');

  afterAll(() => {
    panel.dispose();
    model.dispose();
  });

  it.each(['when it was just opened', 'when it was just moved'])(
    'puts the focus into its search %s',
    async () => {
      if (panel.isAttached) {
        Widget.detach(panel);
      }
      Widget.attach(panel, document.body);
      panel.activate();
      MessageLoop.flush();
      await waitFor(() => expect(focused()).toBe('Search environments'));
    }
  );

  it('does not take the focus later, once it was hidden', async () => {
    Widget.detach(panel);
    Widget.attach(panel, document.body);
    panel.activate();
    MessageLoop.flush();
    panel.hide();
    await waitFor(() => expect(panel.node.querySelector('input')).toBeTruthy());
    expect(focused()).not.toBe('Search environments');
  });
});
