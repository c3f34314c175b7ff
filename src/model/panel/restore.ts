/** Keeps what someone folded, searched for and launched last, from one visit to the next. */

import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import type { EnvironmentsModel } from '..';

/** Milliseconds without a change before the state is written. */
const SAVE_DELAY = 500;

/**
 * Take over the state of the last visit, then keep it.
 *
 * @returns What ends the keeping when it is disposed.
 */
export function restoreState(
  model: EnvironmentsModel,
  stateDB: IStateDB,
  id: string
): IDisposable {
  const take = async () => {
    const saved = await stateDB.fetch(id);
    const { search, folded, recent } = (saved ?? {}) as Record<string, unknown>;
    if (Array.isArray(recent)) {
      model.pins.recentNames = [
        ...model.pins.recentNames,
        ...recent.map(String)
      ];
    }
    if (!model.search.text) {
      model.folding.foldedNamespaces = Array.isArray(folded)
        ? folded.map(String)
        : [];
      model.search.restore(typeof search === 'string' ? search : '');
    }
  };
  let last = '';
  const saving = new Debouncer(async () => {
    const value = {
      search: model.search.text,
      folded: model.folding.foldedNamespaces,
      recent: [...model.pins.recentNames]
    };
    const text = JSON.stringify(value);
    if (text !== last) {
      last = text;
      await stateDB.save(id, value);
    }
  }, SAVE_DELAY);
  void take()
    .catch(reason => {
      console.warn('The state of the conda-store panel is lost.', reason);
    })
    .then(() => {
      model.stateChanged.connect(() => {
        saving.invoke().catch(() => {
          // A later change took this one's place.
        });
      });
    });
  return saving;
}
