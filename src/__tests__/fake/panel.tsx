/** The panel on a conda-store in memory. */

import { act, cleanup, render, screen } from '@testing-library/react';
import React from 'react';
import { EnvironmentsModel } from '../../model';
import { Body } from '../../widgets/panel/body';
import { FakeApi } from './api';
import { FakeCommands } from './commands';
import { environment, localCopy } from './nouns';

/** Return the label of what has the focus. */
export function focused(): string | null | undefined {
  return document.activeElement?.getAttribute('aria-label');
}

/** Return the labels of the rows, from the top. */
export function rowLabels(): (string | null)[] {
  return screen
    .getAllByRole('treeitem')
    .map(row => row.getAttribute('aria-label'));
}

/** The panel of one test, its model, and the commands that it called. */
export class Panel {
  readonly api = new FakeApi();
  readonly model = new EnvironmentsModel({ api: this.api });
  readonly commands = new FakeCommands();

  constructor() {
    this.api.pageSize = 50;
  }

  /** Fill the list: one environment to download, one that is here, and one whose build failed. */
  fill(): void {
    this.api.rows = [
      environment('data', { id: 2, current_build_id: 2 }),
      environment('minimal'),
      environment('broken', {
        id: 3,
        namespace: 'team',
        current_build_id: 3,
        status: 'FAILED',
        launchable: false
      })
    ];
    this.api.details[3] = { reason: 'nothing provides <b>nonesuch</b>' };
    this.api.copies = [localCopy({ environment: 'minimal' })];
  }

  async show(refresh = true): Promise<void> {
    render(<Body model={this.model} commands={this.commands} />);
    if (refresh) {
      await act(() => this.model.refresh());
    }
  }

  dispose(): void {
    cleanup();
    this.model.dispose();
  }
}
