/** The page of a repository: what it asks for, what it shows, and what its button does. */

import {
  act,
  cleanup,
  fireEvent,
  render,
  screen
} from '@testing-library/react';
import React from 'react';
import type { IRepositoryLook, IVisit } from '../api/repositories';
import type { RepositoryApi } from '../model/repositories';
import { readQuery, RepositoryModel } from '../model/repositories';
import { Page } from '../widgets/repositories/page';
import { FakeCommands } from './fake';

const LOOK: IRepositoryLook = {
  repository: 'https://host.org/o/course',
  ref: '',
  path: 'index.ipynb',
  is_notebook: true,
  notebooks: ['index.ipynb', 'weeks/one.ipynb'],
  commit: 'a'.repeat(40),
  revision: 'branch main (aaaaaaaaaa)',
  author: 'Ada, 2026-01-01',
  folder: 'course',
  exists: false,
  manifest: {
    path: 'environment.yml',
    specification: 'dependencies: [numpy]',
    is_lockfile: false,
    channels: ['conda-forge'],
    packages: [
      { name: 'numpy', channel: 'conda-forge', is_new: true },
      { name: 'six', channel: 'conda-forge', is_new: false }
    ],
    notes: ['postBuild is not run.'],
    moved: [],
    passed_over: [{ path: 'setup.py', why: 'environment.yml comes before it' }]
  },
  warnings: ['code.py would run as soon as a kernel starts beside it.'],
  environment: 'ada/course-12345678',
  state: 'missing',
  message: 'No environment was built from environment.yml so far.',
  size: null,
  trusted: false,
  seen: 'mark',
  query: 'repository=x'
};

function visit(state: string, rest: Partial<IVisit> = {}): IVisit {
  return {
    id: 'v',
    state,
    steps: [{ name: 'look', state: 'running', detail: '', share: null }],
    build_id: null,
    look: null,
    opened: null,
    written: null,
    error: null,
    ...rest
  };
}

/** An API that says what a test has it say, and keeps what it was asked. */
class FakeApi {
  asked: [string, object | string][] = [];
  answers: IVisit[] = [visit('ready', { look: LOOK })];

  api(): RepositoryApi {
    const begin = (kind: string) => async (body: object) => {
      this.asked.push([kind, body]);
      return visit('running');
    };
    return {
      look: begin('look'),
      open: begin('open'),
      visit: async () => this.answers.shift() ?? visit('running'),
      cancel: async id => {
        this.asked.push(['cancel', id]);
        return visit('running');
      },
      names: async () => ({
        default: 'main',
        branches: ['main'],
        tags: ['v1']
      }),
      preview: async () => ({ packages: [], changes: null, size: 1e6 }),
      buildLog: async () => {
        throw new Error('There is no build.');
      }
    };
  }
}

/** Show the page and wait until the looks that were begun have ended. */
async function show(
  fake: FakeApi,
  repository: string
): Promise<RepositoryModel> {
  const model = new RepositoryModel(fake.api(), { repository }, 1);
  const commands = new FakeCommands();
  const draw = () => (
    <Page
      model={model}
      commands={commands}
      onOpen={() => void model.open(['a.ipynb'])}
    />
  );
  const { rerender } = render(draw());
  model.stateChanged.connect(() => rerender(draw()));
  await act(() => model.look());
  await settled(model);
  return model;
}

async function settled(model: RepositoryModel): Promise<void> {
  await act(async () => {
    while (model.running) {
      await new Promise(done => setTimeout(done, 1));
    }
  });
}

afterEach(cleanup);

it('a link fills in what it names', () => {
  expect(
    readQuery('repository=https%3A%2F%2Fh%2Fo&ref=a%2Fb&environment=n%2Fe%3A3')
  ).toEqual({
    repository: 'https://h/o',
    ref: 'a/b',
    path: '',
    environment: 'n/e:3'
  });
});

it('everything that was seen is shown, and one button agrees to it', async () => {
  const fake = new FakeApi();
  const model = await show(fake, 'o/course');
  const seen = screen.getByRole('region', { name: 'What it is' });
  for (const text of [
    'branch main (aaaaaaaaaa), by Ada, 2026-01-01',
    'numpy, six',
    'conda-forge::numpy',
    'postBuild is not run.',
    'code.py would run',
    'setup.py is passed over',
    'Go on only if you trust'
  ]) {
    expect(seen.textContent).toContain(text);
  }
  fake.answers = [
    visit('ready', {
      opened: {
        path: 'course/index.ipynb',
        is_notebook: true,
        kernel: 'k',
        folder: 'course',
        messages: []
      }
    })
  ];
  const opened: string[] = [];
  model.opened.connect((_, { path }) => opened.push(path));
  fireEvent.click(
    screen.getByRole('button', { name: 'Trust It: Build and Open' })
  );
  await settled(model);
  expect(fake.asked[1]).toEqual([
    'open',
    expect.objectContaining({
      repository: 'o/course',
      seen: 'mark',
      trust: true,
      build: true,
      unsaved: ['a.ipynb']
    })
  ]);
  expect(opened).toEqual(['course/index.ipynb']);
});

it('packages of a lockfile are downloaded, and the new ones are named', async () => {
  const fake = new FakeApi();
  fake.answers = [
    visit('ready', {
      look: { ...LOOK, state: 'locked', size: 2_000_000, trusted: true }
    })
  ];
  await show(fake, 'o/course');
  const { textContent } = screen.getByRole('region', { name: 'What it is' });
  expect(textContent).toContain('They are downloaded, 2.0');
  expect(textContent).toContain('New to youconda-forge::numpy');
  expect(
    screen.getByRole('button', { name: 'Download and Open' })
  ).toBeTruthy();
});

it('an environment of this machine is made, which nothing solves before', async () => {
  const fake = new FakeApi();
  const making = {
    name: 'make',
    state: 'running',
    detail: '+ six==1.17.0',
    share: null
  };
  fake.answers = [
    visit('ready', { look: { ...LOOK, state: 'machine', trusted: true } })
  ];
  const model = await show(fake, 'o/course');
  const { textContent } = screen.getByRole('region', { name: 'What it is' });
  expect(textContent).toContain('New to youconda-forge::numpy');
  expect(screen.queryByRole('button', { name: 'Preview' })).toBeNull();
  fake.answers = [visit('running', { steps: [making] })];
  fireEvent.click(screen.getByRole('button', { name: 'Make It and Open' }));
  await screen.findByText('Making the environment: + six==1.17.0');
  const done = { ...making, state: 'done', detail: '' };
  fake.answers = [visit('ready', { steps: [done] })];
  await settled(model);
  expect(screen.getByText('The environment is made.')).toBeTruthy();
});

it('what was seen counts no longer when something else is asked for', async () => {
  const model = await show(new FakeApi(), 'o/course');
  act(() => model.change({ ref: 'v1' }));
  expect(model.seen).toBeNull();
  expect(screen.queryByRole('button', { name: /Open$/ })).toBeNull();
});

it('a failure is said, and what is under way can be cancelled', async () => {
  const fake = new FakeApi();
  const error = { code: 'not_found', message: 'There is no branch x.' };
  fake.answers = [visit('failed', { error })];
  const model = await show(fake, 'o/course');
  expect(screen.getByRole('alert').textContent).toBe(error.message);
  fake.answers = [];
  await act(() => model.look());
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(fake.asked).toContainEqual(['cancel', 'v']);
  fake.answers = [visit('cancelled')];
  await settled(model);
  model.dispose();
});
