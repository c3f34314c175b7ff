/** The notifications on packages that a cell installed in the place of others. */

import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IShadowing } from './additions';

/** Milliseconds for which it is said that a package hides one of the environment. */
const SHOWN = 10000;

/** Say what is hidden now, and offer to restart a kernel that has another version loaded. */
export function sayShadowing(
  panel: NotebookPanel,
  { hidden, loaded }: IShadowing,
  trans: TranslationBundle,
  restart: () => void
): void {
  for (const { name, version, hides } of hidden) {
    const said = trans.__(
      '%1 %2 hides %3 of the environment, for you alone. Other packages may rely on that one.',
      name,
      version,
      hides
    );
    Notification.info(said, { autoClose: SHOWN });
  }
  if (!loaded.length) {
    return;
  }
  const said = loaded.map(({ name, loaded: old, installed }) =>
    trans.__('%1 %2 is loaded, %3 is installed now.', name, old, installed)
  );
  const advice = trans.__(
    'Restart the kernel, so that it runs on what is installed.'
  );
  const notification = Notification.warning([...said, advice].join(' '), {
    autoClose: false,
    actions: [{ label: trans.__('Restart Kernel…'), callback: restart }]
  });
  const dismiss = () => Notification.dismiss(notification);
  panel.disposed.connect(dismiss);
  panel.sessionContext.statusChanged.connect((_, status) => {
    if (status === 'restarting') {
      dismiss();
    }
  });
}
