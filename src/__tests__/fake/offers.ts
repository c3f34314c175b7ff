/** A notebook in front of its offers: its dialogs are JupyterLab's own, its kernels mocked. */

import { Notification, SessionContextDialogs } from '@jupyterlab/apputils';
import { KERNELSPECS } from '@jupyterlab/services/lib/testutils';
import { nullTranslator } from '@jupyterlab/translation';
import { PromiseDelegate } from '@lumino/coreutils';
import { configure, waitFor } from '@testing-library/dom';
import type { IAdditionList, IAdditionsApi } from '../../api/additions';
import { EnvironmentsModel } from '../../model';
import type { IFinding } from '../../notebook';
import { NotebookAdditions, Offering, sayOnOpening } from '../../notebook';
import { FakeApi } from './api';
import { build, detail, notebookRecord as RECORD } from './nouns';
import { notebookBuild, runSomething } from './notebook';

const trans = nullTranslator.load('conda_store_labext');

// A busy machine takes its time.
configure({ asyncUtilTimeout: 30_000 });

const LIST: IAdditionList = {
  server: RECORD.server,
  namespace: RECORD.namespace,
  environment: RECORD.environment,
  build_id: RECORD.build_id,
  key: '0badc0de-7',
  prefix: '/data/o/0badc0de-7',
  kept_for: null,
  additions: []
};

/** The finding for a notebook whose kernel is in Jupyter's list, or is not. */
export type Find = (hasKernel: boolean) => IFinding | null;

/** A notebook's kernel when an offer is taken. */
export const PLACES = {
  kernel: 'has a kernel',
  none: 'has none',
  dialog: 'has none, and Select Kernel is open',
  changed: 'got another kernel, or lost its own, after the offer was made'
} as const;
export type Place = (typeof PLACES)[keyof typeof PLACES];

/** A notebook whose build became that; `added` tells what was installed beside it. */
function make(find: Find, hasKernel: boolean) {
  const model = new EnvironmentsModel({ api: new FakeApi() });
  const added: string[] = [];
  const rebuildNotebook = async () => detail(build(11, { status: 'QUEUED' }));
  const notebook = notebookBuild(
    true,
    { name: hasKernel ? RECORD.kernel : 'gone' },
    { notebookRecord: async () => RECORD }
  );
  const { panel, sessionContext } = notebook;
  const spec = { ...KERNELSPECS.python3, name: RECORD.kernel };
  Object.assign(sessionContext.specsManager.specs!, {
    kernelspecs: { ...KERNELSPECS, [RECORD.kernel]: spec }
  });
  panel.content.model.getMetadata = ((key: string) =>
    key === 'conda_store' ? RECORD : undefined) as () => undefined;
  const additions = new NotebookAdditions(
    notebook.build,
    {
      ofKernel: async () => LIST,
      lacking: async () => [],
      install: async (_: string, packages: string[]) => {
        added.push(...packages);
        return { id: 'j', state: 'ready', error: null, log: '' };
      }
    } as unknown as IAdditionsApi,
    trans,
    async () => true
  );
  const offering = new Offering({
    api: { rebuildNotebook },
    model,
    dialogs: new SessionContextDialogs(),
    trans,
    add: (_, packages) => additions.install(packages),
    ended: () => undefined
  });
  const finding = new PromiseDelegate<IFinding | null>();
  void sayOnOpening(panel, notebook.build, {
    instead: async () => null,
    find: () => finding.promise,
    ask: asked => void offering.ask(notebook.build, asked),
    show: shown => offering.show(notebook.build, shown)
  });
  return { ...notebook, added, say: () => finding.resolve(find(hasKernel)) };
}

export const shown = () => Notification.manager.notifications;
/** The buttons of the dialogs that are open. */
export const buttons = () => [
  ...document.querySelectorAll<HTMLElement>('.jp-Dialog button')
];
/** Press a button of the dialog that is open, or will be, and have it closed. */
export const press = async (label: string): Promise<void> => {
  const find = () => buttons().find(({ textContent }) => textContent === label);
  await waitFor(() => expect(find()).toBeDefined());
  find()!.click();
  await waitFor(() => expect(buttons()).toEqual([]));
};

/** Have JupyterLab ask for a kernel since it takes too long to find out what to offer. */
async function openLate(made: ReturnType<typeof make>): Promise<void> {
  jest.useFakeTimers();
  const needed = made.sessionContext.initialize();
  await jest.advanceTimersByTimeAsync(4000);
  jest.useRealTimers();
  expect(await needed).toBe(true);
  const asked = new SessionContextDialogs().selectKernel(made.sessionContext);
  // The end of a test closes the dialog of a notebook that is offered nothing.
  asked.catch(() => undefined);
  await waitFor(() => expect(buttons()).toHaveLength(2));
}

/** Open a notebook in one of the places; returns the labels of the offers made there, and what takes one. */
export async function open(find: Find, place: Place) {
  const changes = place === PLACES.changed;
  const hasKernel = place === PLACES.kernel || (changes && !find(false));
  const made = make(find, hasKernel);
  const late = !hasKernel && place !== PLACES.none;
  if (late) {
    await openLate(made);
    made.say();
  } else {
    made.say();
    expect(await made.sessionContext.initialize()).toBe(
      !hasKernel && !find(false)
    );
  }
  const finding = find(hasKernel);
  if (!finding) {
    await new Promise(resolve => setTimeout(resolve));
    return { ...made, labels: [] as string[], take: null };
  }
  if (place === PLACES.none) {
    await waitFor(() => expect(buttons().length).toBeGreaterThan(2));
    const all = buttons().map(({ textContent }) => textContent ?? '');
    expect(all.slice(0, 2)).toEqual(['No Kernel', 'Another Kernel…']);
    return { ...made, labels: all.slice(2).reverse(), take: press };
  }
  await waitFor(() => expect(shown()).toHaveLength(1));
  const [{ id, message, options }] = shown();
  expect(message).toBe(finding.message);
  if (changes && hasKernel) {
    await made.sessionContext.shutdown();
  } else if (changes) {
    document.querySelector('select')!.value = '{"name":"irkernel"}';
    await press('Select');
    await waitFor(() => expect(made.kernel()).toBe('irkernel'));
    runSomething(made.sessionContext);
  }
  const actions = options.actions ?? [];
  const take = async (label: string) => {
    // As JupyterLab does, which ends the notification then.
    actions.find(action => action.label === label)!.callback({} as MouseEvent);
    Notification.dismiss(id);
  };
  return { ...made, labels: actions.map(({ label }) => label), take };
}
