/** The toolbar of an environment's page: a button that is of no use says why, in the user's language. */

import { Toolbar } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { configure, waitFor } from '@testing-library/dom';
import { EnvironmentPageModel, EnvironmentsModel } from '../model';
import { fillToolbar } from '../widgets/page/toolbar';
import { FakeApi, FakeCommands, environment } from './fake';
import { drawnByJupyterLab } from './fake/drawing';

configure({ asyncUtilTimeout: 30_000 });
jest.setTimeout(60_000);
drawnByJupyterLab();

it('says what a button does, or why it is of no use, in the user’s language', async () => {
  const trans: TranslationBundle = {
    ...nullTranslator.load('conda_store_labext'),
    __: text => `«${text}»`
  };
  const api = new FakeApi();
  const environments = new EnvironmentsModel({ api });
  const name = { namespace: 'default', name: 'data' };
  const model = new EnvironmentPageModel({ api, environments, ...name });
  const toolbar = new Toolbar();
  fillToolbar(toolbar, { model, commands: new FakeCommands() }, trans);
  Widget.attach(toolbar, document.body);
  const titles = () =>
    [...toolbar.node.querySelectorAll('[title]')].map(node =>
      node.getAttribute('title')
    );

  const LOADING = '«The environment is still loading.»';
  await waitFor(() =>
    expect(titles()).toEqual([
      '«The active build cannot be launched.»',
      LOADING,
      LOADING,
      LOADING,
      '«Look at the server again»'
    ])
  );

  api.rows = [environment('data', { may: ['build'] })];
  await model.refresh();
  await waitFor(() =>
    expect(titles()).toEqual([
      '«Open a new notebook on the active build»',
      '«Edit the specification»',
      '«Build the active specification again»',
      '«You may not delete this environment.»',
      '«Look at the server again»'
    ])
  );
  toolbar.dispose();
  model.dispose();
  environments.dispose();
});
