/** The words of a row: those it is read out by, and those of sections and notes. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { fullName } from '../../api/names';
import { runningLabel, stateLabel, statusLabel } from '../labels';
import type { INoteRow, ISectionRow, Row } from './rowkinds';

/** The name by which a row is read out. */
export function rowLabel(row: Row, trans: TranslationBundle): string {
  switch (row.kind) {
    case 'section':
      return sectionLabel(row.section, trans);
    case 'namespace':
      return row.count
        ? row.namespace
        : trans.__('%1, no environments', row.namespace);
    case 'place':
      return row.name === null
        ? trans.__('Loading…')
        : fullName({ namespace: row.namespace, name: row.name });
    case 'environment': {
      const { environment, state } = row;
      return [
        fullName(environment),
        stateLabel(state, trans),
        runningLabel(environment, state, trans)
      ]
        .filter(part => part)
        .join(', ');
    }
    case 'build':
      return [
        trans.__('Build %1', row.build.id),
        row.current ? trans.__('active') : '',
        statusLabel(row.build.status, trans),
        row.build.status === 'COMPLETED' ? stateLabel(row.state, trans) : ''
      ]
        .filter(part => part)
        .join(', ');
    case 'note':
      return noteText(row, trans);
  }
}

/** The name of a section. */
export function sectionLabel(
  section: ISectionRow['section'],
  trans: TranslationBundle
): string {
  return section === 'favourites'
    ? trans.__('Favourites')
    : trans.__('Recently used');
}

/** What a note says. */
export function noteText(row: INoteRow, trans: TranslationBundle): string {
  switch (row.note) {
    case 'loading':
      return trans.__('Loading builds…');
    case 'none':
      return trans.__('No builds yet');
    case 'more':
      return trans.__('Show older builds (%1 of %2)', row.shown, row.count);
    case 'error':
      return row.message;
  }
}
