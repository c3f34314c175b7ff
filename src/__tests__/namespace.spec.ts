import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { addNamespaceCommand } from '../commands';
import { Dialogs } from '../commands/dialogs';
import { Questions } from '../commands/questions';
import { EnvironmentsModel } from '../model';
import { CommandIDs } from '../tokens';
import { FakeApi, UNREACHABLE, environment } from './fake';

describe('Deleting a namespace', () => {
  const trans = nullTranslator.load('conda_store_labext');
  const asked = jest.spyOn(Questions.prototype, 'deleteNamespace');
  const shown = jest.spyOn(Dialogs.prototype, 'show');
  const id = CommandIDs.deleteNamespace;
  let api: FakeApi;
  let model: EnvironmentsModel;
  let commands: CommandRegistry;

  beforeEach(async () => {
    jest.clearAllMocks();
    asked.mockResolvedValue({ accept: true, copies: [] });
    shown.mockResolvedValue();
    api = new FakeApi();
    api.rows = [environment('data')];
    api.namespaceList = [
      { name: 'default', environments: 1, may: ['delete'] },
      { name: 'empty', environments: 0, may: ['delete'] },
      { name: 'foreign', environments: 0, may: [] }
    ];
    model = new EnvironmentsModel({ api });
    await model.refresh();
    commands = new CommandRegistry();
    const app = {
      commands,
      contextMenuHitTest: () => undefined
    } as unknown as JupyterFrontEnd;
    addNamespaceCommand({ app, api, model, trans });
  });

  afterEach(() => model.dispose());

  it('is offered for an empty one, to who may', () => {
    const offered = ['default', 'empty', 'foreign', 'unknown'].filter(
      namespace => commands.isEnabled(id, { namespace })
    );
    expect(offered).toEqual(['empty']);
    expect(commands.label(id, { namespace: 'default' })).toMatch(/Only When/);
  });

  it('asks first, and looks again when it is done', async () => {
    asked.mockResolvedValueOnce({ accept: false, copies: [] });
    await commands.execute(id, { namespace: 'empty' });
    expect(api.calls).not.toContain('deleteNamespace empty');
    await commands.execute(id, { namespace: 'empty' });
    expect(api.calls).toContain('deleteNamespace empty');
    expect(model.namespaceRows.map(({ name }) => name)).toEqual(['default']);
  });

  it('does not delete what somebody has put an environment into', async () => {
    api.rows.push(environment('new', { namespace: 'empty' }));
    await commands.execute(id, { namespace: 'empty' });
    expect(shown).toHaveBeenCalledWith(
      'empty was not deleted',
      expect.stringContaining('1 environment')
    );
    expect(asked).not.toHaveBeenCalled();
  });

  it('says in a sentence what it fails with', async () => {
    const error = jest.spyOn(Notification, 'error');
    api.failures.deleteNamespace = UNREACHABLE;
    await commands.execute(id, { namespace: 'empty' });
    expect(error).toHaveBeenCalledWith(
      `empty: ${UNREACHABLE.message}`,
      expect.anything()
    );
  });
});
