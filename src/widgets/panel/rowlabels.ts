/** The words of a row: those it is read out by, and those of sections and notes. */

import { fullName } from '../../api/names';
import { Labels } from '../labels';
import { useTrans } from '../../translation';
import type { INoteRow, ISectionRow, Row } from './rowkinds';

/** Rows in words. */
export class RowLabels extends Labels {
  /** The name by which a row is read out. */
  row(row: Row): string {
    switch (row.kind) {
      case 'section':
        return this.section(row.section);
      case 'namespace':
        return row.count
          ? row.namespace
          : this.trans.__('%1, no environments', row.namespace);
      case 'placeholder':
        return row.name === null
          ? this.trans.__('Loading…')
          : fullName({ namespace: row.namespace, name: row.name });
      case 'environment': {
        const { environment, state } = row;
        return [
          fullName(environment),
          this.state(state),
          this.running(environment, state)
        ]
          .filter(part => part)
          .join(', ');
      }
      case 'build':
        return [
          this.trans.__('Build %1', row.build.id),
          row.current ? this.trans.__('active') : '',
          this.status(row.build.status),
          row.build.status === 'COMPLETED' ? this.state(row.state) : ''
        ]
          .filter(part => part)
          .join(', ');
      case 'note':
        return this.note(row);
    }
  }

  /** The name of a section. */
  section(section: ISectionRow['section']): string {
    return section === 'favourites'
      ? this.trans.__('Favourites')
      : this.trans.__('Recently used');
  }

  /** Return the text of a note. */
  note(row: INoteRow): string {
    switch (row.note) {
      case 'loading':
        return this.trans.__('Loading builds…');
      case 'none':
        return this.trans.__('No builds yet');
      case 'more':
        return this.trans.__(
          'Show older builds (%1 of %2)',
          row.shown,
          row.count
        );
      case 'error':
        return row.message;
    }
  }
}

/** The words for a component. */
export function useLabels(): RowLabels {
  return new RowLabels(useTrans());
}
