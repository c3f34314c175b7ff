/** The documents that are open when a repository below them is opened: read again, or left alone. */

import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import type { IOpenedDocumentsOptions } from '../commands/documents';
import { OpenedDocuments } from '../commands/documents';

const OPENED = {
  path: 'course/index.ipynb',
  is_notebook: true,
  kernel: 'kernel-of-course',
  folder: 'course',
  messages: ['course was updated.']
};

/** Documents by their paths, changed and unsaved or not, and a session that runs already. */
function make(documents: Record<string, boolean>, running?: string) {
  const reverted: string[] = [];
  const shown: string[] = [];
  const started: object[] = [];
  const contexts = Object.entries(documents).map(([localPath, dirty]) => ({
    localPath,
    model: { dirty },
    revert: async () => {
      reverted.push(localPath);
    }
  }));
  const opened = new OpenedDocuments({
    shell: { widgets: () => contexts },
    services: {
      kernelspecs: { refreshSpecs: async () => undefined },
      sessions: {
        refreshRunning: async () => undefined,
        findByPath: async () => running && { kernel: { name: running } },
        startNew: async (session: object) => {
          started.push(session);
          return { dispose: () => undefined };
        }
      }
    },
    documents: {
      contextForWidget: (widget: object) => widget,
      openOrReveal: (path: string) => shown.push(path)
    },
    fileBrowser: null,
    trans: nullTranslator.load('conda_store_labext')
  } as unknown as IOpenedDocumentsOptions);
  return { opened, reverted, shown, started };
}

const said = () =>
  Notification.manager.notifications.map(({ message }) => message).join(' ');

afterEach(() => Notification.dismiss());

it('clean documents of the folder are read again, others and unsaved ones stay', async () => {
  const { opened, reverted, shown, started } = make({
    'course/index.ipynb': false,
    'course/mine.ipynb': true,
    'other/index.ipynb': false,
    'course-2/index.ipynb': false
  });
  expect(opened.unsaved).toEqual(['course/mine.ipynb']);
  await opened.show(OPENED);
  expect(reverted).toEqual(['course/index.ipynb']);
  expect(shown).toEqual(['course/index.ipynb']);
  expect(started).toEqual([
    expect.objectContaining({ kernel: { name: 'kernel-of-course' } })
  ]);
  expect(said()).toContain('course was updated.');
});

it('a kernel that runs already is told and stays', async () => {
  const { opened, started } = make({}, 'another');
  await opened.show(OPENED);
  expect(started).toEqual([]);
  expect(said()).toContain('runs on the kernel another already');
});
