import type { IEditorFactoryService } from '@jupyterlab/codeeditor';
import { nullTranslator } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import {
  act,
  cleanup,
  fireEvent,
  render,
  screen
} from '@testing-library/react';
import React from 'react';
import { EditorModel } from '../model';
import { CondaStoreError } from '../api/request';
import { newSpecification } from '../specification';
import type { IBuildDetail } from '../tokens';
import { CommandIDs } from '../tokens';
import { Form } from '../widgets/editor/form';
import { Notices } from '../widgets/editor/notices';
import { PreviewPane } from '../widgets/editor/preview';
import { build, detail, FakeApi } from './fake';

// Looking for roles in a whole form takes its time on a busy machine.
jest.setTimeout(30_000);

const trans = nullTranslator.load('conda_store_labext');

describe('The form', () => {
  let api: FakeApi;
  let model: EditorModel;
  let executed: unknown[];
  let ended: Signal<object, IBuildDetail>;

  const show = async (text = newSpecification('data', ['a', 'b'])) => {
    ended = new Signal({});
    const draft = { text, saved: text };
    model = new EditorModel({ api, trans, draft, ended });
    const commands = new CommandRegistry();
    commands.addCommand(CommandIDs.openEnvironment, {
      describedBy: { args: {} },
      execute: args => {
        executed.push(args);
      }
    });
    const props = {
      model,
      commands,
      editors: {} as IEditorFactoryService
    };
    render(
      <UseSignal signal={model.stateChanged}>
        {() => (
          <>
            <Notices {...props} />
            <Form {...props} />
            <PreviewPane {...props} />
          </>
        )}
      </UseSignal>
    );
    await act(() => model.load());
  };
  const click = (name: string) =>
    act(async () => {
      fireEvent.click(screen.getByRole('button', { name }));
    });
  const type = (label: string, value: string) =>
    act(async () => {
      fireEvent.change(screen.getByLabelText(label, { selector: 'input' }), {
        target: { value }
      });
    });
  const press = (label: string, key: string) =>
    act(async () => {
      fireEvent.keyDown(screen.getByLabelText(label, { selector: 'input' }), {
        key
      });
    });

  beforeEach(() => {
    api = new FakeApi();
    executed = [];
  });

  afterEach(() => {
    cleanup();
    model.dispose();
  });

  it('writes what it is given into the YAML', async () => {
    await show();
    await type('Name', 'other');
    await type('Description', 'For us');
    await click('Move b up');
    await click('Remove the channel a');
    await type('Add a channel', 'c');
    await press('Add a channel', 'Enter');
    await type('Add a package', 'numpy>=2');
    await press('Add a package', 'Enter');
    await type('Version of python', '3.12');
    await type('Add a requirement', 'rich');
    await press('Add a requirement', 'Enter');
    await type('Requirement 1', 'rich>13');
    expect(model.text).toBe(
      [
        'name: other',
        'description: For us',
        'channels:',
        '  - b',
        '  - c',
        'dependencies:',
        '  - python=3.12',
        '  - ipykernel',
        '  - numpy>=2',
        '  - pip',
        '  - pip:',
        '      - rich>13',
        ''
      ].join('\n')
    );
    await click('Remove the requirement rich>13');
    await click('Remove the package pip');
    expect(model.text).not.toContain('pip:');
  });

  it('misses a kernel and adds it', async () => {
    await show(newSpecification('data', [], ['python']));
    expect(screen.getByText(/No package with a kernel/)).toBeTruthy();
    await click('Add ipykernel');
    expect(screen.queryByText(/No package with a kernel/)).toBeNull();
    expect(model.text).toContain('- ipykernel');
  });

  it('offers versions and takes the one that is chosen with the keyboard', async () => {
    await show();
    const field = screen.getByRole('combobox', { name: 'Version of python' });
    await act(async () => {
      fireEvent.focus(field);
      fireEvent.click(field);
    });
    const options = screen.getAllByRole('option', { name: /=3/ });
    expect(options.map(option => option.textContent)).toEqual([
      '=3.13.0',
      '=3.12.1'
    ]);
    await press('Version of python', 'ArrowDown');
    expect(field.getAttribute('aria-activedescendant')).toBe(options[0].id);
    await press('Version of python', 'ArrowUp');
    await press('Version of python', 'Enter');
    expect(model.text).toContain('- python=3.12.1');
    expect(field.getAttribute('aria-expanded')).toBe('false');
  });

  it('says that a version is none', async () => {
    await show();
    await type('Version of python', '>=');
    expect(screen.getByText(/Write a version like/)).toBeTruthy();
    expect(
      screen.getByLabelText('Version of python').getAttribute('aria-invalid')
    ).toBe('true');
  });

  it('waits while the YAML is broken', async () => {
    await show();
    act(() => model.setText('name: ['));
    expect(screen.getByRole('alert').textContent).toContain(
      'cannot be shown as a form'
    );
    expect(screen.getByRole('group').hasAttribute('disabled')).toBe(true);
  });

  it('says that a name is taken, and goes on all the same', async () => {
    api.buildRows = [build(7)];
    await show();
    await act(() => model.build());
    expect(screen.getByText(/default\/data exists already/)).toBeTruthy();
    await click('Build all the same');
    expect(screen.getByText(/is under way/)).toBeTruthy();
    await click('Show it');
    expect(executed).toEqual([
      { namespace: 'default', environment: 'data', build_id: 2 }
    ]);
  });

  it.each([
    ['FAILED', 'Build 2 of default/data failed. No numpy.', 'Show log'],
    ['CANCELED', 'Build 2 of default/data was cancelled.', 'Show it'],
    ['COMPLETED', 'Build 2 of default/data is done.', 'Launch']
  ] as const)(
    'no longer says that a build is under way once it is %s',
    async (status, text, button) => {
      await show();
      await act(() => model.build());
      expect(screen.getByText(/Build 2 .* is under way/)).toBeTruthy();
      const another = detail(build(1, { status: 'FAILED' }));
      act(() => ended.emit(another));
      expect(screen.getByText(/is under way/)).toBeTruthy();
      const reason = status === 'FAILED' ? 'No numpy.' : null;
      act(() =>
        ended.emit({
          ...detail(build(2, { status })),
          launchable: true,
          reason
        })
      );
      expect(screen.queryByText(/is under way/)).toBeNull();
      expect(screen.getByText(text)).toBeTruthy();
      expect(screen.getByRole('button', { name: button })).toBeTruthy();
    }
  );

  it('shows the words of the solver', async () => {
    api.failures.preview = new CondaStoreError('invalid_request', 'No numpy.');
    await show();
    await act(() => model.runPreview());
    expect(screen.getByRole('alert').textContent).toContain('No numpy.');
    await click('Close the preview');
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
