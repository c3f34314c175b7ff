/** The dialog that says whether everything gets along. */

import { render, screen } from '@testing-library/react';
import React from 'react';
import { CondaStoreError } from '../api/request';
import { Check } from '../widgets/check';
import { FakeApi } from './fake';

const check = (api: FakeApi) => () => api.check();

it('lists every finding with what to do', async () => {
  const api = new FakeApi();
  api.findings = [
    { about: 'server', verdict: 'ok', message: 'It answers.', advice: '' },
    {
      about: 'clock',
      verdict: 'problem',
      message: 'This clock is <b>20 min</b> behind.',
      advice: 'Set it right.'
    }
  ];
  render(<Check check={check(api)} />);
  expect(screen.getByRole('status').textContent).toContain('Checking');
  const items = await screen.findAllByRole('listitem');
  expect(items.map(item => item.textContent)).toEqual([
    'OKIt answers.',
    'ProblemThis clock is <b>20 min</b> behind.Set it right.'
  ]);
});

it('says why nothing could be checked', async () => {
  const api = new FakeApi();
  api.failures.check = new CondaStoreError(
    'server_error',
    'The Jupyter server does not answer.'
  );
  render(<Check check={check(api)} />);
  expect((await screen.findByRole('alert')).textContent).toBe(
    'The Jupyter server does not answer.'
  );
});
