/** Every offer of docs/kernels.md, whatever the notebook's kernel is by then: where it is made, and what it does. */

import { Dialog, Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { waitFor } from '@testing-library/dom';
import { Findings } from '../notebook';
import { notebookRecord as RECORD, notebookStatus } from './fake';
import { drawnByJupyterLab } from './fake/drawing';
import type { Find, Place } from './fake/offers';
import { buttons, open, PLACES, press, shown } from './fake/offers';

jest.setTimeout(60_000);

const findings = new Findings(nullTranslator.load('conda_store_labext'));

const ofStatus =
  (...status: Parameters<typeof notebookStatus>): Find =>
  hasKernel =>
    findings.ofRecord(RECORD, notebookStatus(...status), hasKernel, true);

const ofName =
  (build_id: number | null): Find =>
  hasKernel =>
    hasKernel
      ? null
      : findings.ofName({ namespace: 'a', environment: 'b', build_id });

/** The finding by what became of a notebook's build. */
const SITUATIONS: Record<string, Find> = {
  'its build is downloaded': ofStatus('here', { here: true }),
  'its build can be downloaded': ofStatus('fetchable', { fetchable: true }),
  'its build was superseded': ofStatus('superseded', {
    fetchable: true,
    active_build_id: 9
  }),
  'its build was deleted': ofStatus('deleted', { rebuildable: true }),
  'its build is on another server': ofStatus('elsewhere', {
    here: true,
    active_build_id: 3,
    rebuildable: true
  }),
  'its kernel is named by nb_conda_store_kernels': ofName(12),
  'its kernel is named by nb_conda_kernels': ofName(null),
  'its additions are not here': hasKernel =>
    hasKernel ? findings.ofAdditions(RECORD, ['seaborn==0.13.2']) : null,
  'its block asks for more': hasKernel =>
    hasKernel ? findings.ofBlock(['polars>=1']) : null
};

/** The sentences after an offer was taken that starts no kernel. */
const BUILDING = 'default/data #11 is being built.';
const NOWHERE =
  'Packages are added beside the environment of a running kernel, and this notebook has none of conda-store’s. Start its kernel, then try again.';

/** An outcome: the kernel that runs then, the sentence that is shown, or what is added; null where it is no offer. */
type Outcome = { kernel: string } | { said: string } | { added: string } | null;

const run = (kernel: string): Outcome => ({ kernel });
const rebuild: Outcome = { said: BUILDING };

/**
 * The situation, the offer, and what it does in a notebook that has a kernel, in one that has none, and in one where
 * that changed after the offer was made: another kernel was chosen, or the kernel was shut down.
 */
const OFFERS: [string, string, Outcome, Outcome, Outcome][] = [
  ['its build is downloaded', 'Run on #7', null, to(7), to(7)],
  ['its build can be downloaded', 'Run on #7', null, to(7), to(7)],
  ['its build was superseded', 'Run on #7', null, to(7), to(7)],
  ['its build was superseded', 'Switch to #9', to(9), to(9), to(9)],
  [
    'its build was deleted',
    'Rebuild from its lockfile',
    rebuild,
    rebuild,
    rebuild
  ],
  [
    'its build is on another server',
    'Run on #7',
    null,
    run(RECORD.kernel),
    run(RECORD.kernel)
  ],
  [
    'its build is on another server',
    'Run on #3 of this server',
    to(3),
    to(3),
    to(3)
  ],
  [
    'its build is on another server',
    'Rebuild from its lockfile',
    rebuild,
    rebuild,
    rebuild
  ],
  [
    'its kernel is named by nb_conda_store_kernels',
    'Run on #12',
    null,
    to(12),
    to(12)
  ],
  [
    'its kernel is named by nb_conda_kernels',
    'Run on a/b',
    null,
    to(null),
    to(null)
  ],
  [
    'its additions are not here',
    'Add Them',
    { added: 'seaborn==0.13.2' },
    null,
    { said: NOWHERE }
  ],
  [
    'its block asks for more',
    'Add Them',
    { added: 'polars>=1' },
    null,
    { said: NOWHERE }
  ]
];

/** The kernel that the fake fetches for a build. */
function to(build_id: number | null): Outcome {
  return run(`conda-store-${build_id}`);
}

/** Each cell of the table. */
const CELLS = OFFERS.flatMap(([situation, offer, ...outcomes]) => {
  const [withKernel, without, changed] = outcomes;
  return Object.values(PLACES).map(
    (place, index): [string, string, Place, Outcome] => [
      situation,
      offer,
      place,
      [withKernel, without, without, changed][index]
    ]
  );
});

drawnByJupyterLab();
afterEach(() => {
  Dialog.flush();
  Notification.dismiss();
});

it.each(CELLS)(
  '%s: %s, in a notebook that %s',
  async (situation, offer, place, outcome) => {
    const { added, asked, kernel, labels, take } = await open(
      SITUATIONS[situation],
      place
    );
    const expected = CELLS.filter(
      ([other, , at, does]) => other === situation && at === place && does
    ).map(([, label]) => label);
    expect(labels).toEqual(expected);
    if (!outcome || !take) {
      expect([outcome, labels.includes(offer)]).toEqual([null, false]);
      return;
    }
    const held = kernel();
    await take(offer);
    const said = () => shown().map(({ message }) => message);
    // What failed is offered again.
    const saidThen = (sentence: string) =>
      sentence === NOWHERE
        ? [SITUATIONS[situation](true)!.message, sentence]
        : [sentence];
    await waitFor(() =>
      expect({ kernel: kernel(), said: said(), added }).toEqual({
        kernel: held,
        said: [],
        added: [],
        ...('kernel' in outcome && outcome),
        ...('said' in outcome && { said: saidThen(outcome.said) }),
        ...('added' in outcome && { added: [outcome.added] })
      })
    );
    // A kernel that has run something is ended by who was asked.
    expect(asked).toEqual(
      'kernel' in outcome && held === 'irkernel' ? [false] : []
    );
    if (place === PLACES.dialog) {
      await press('No Kernel');
      expect([kernel(), said()]).toEqual([
        'kernel' in outcome ? outcome.kernel : null,
        'said' in outcome ? [outcome.said] : []
      ]);
    }
    expect(buttons()).toEqual([]);
  }
);
