import { PromiseDelegate, type ReadonlyJSONObject } from '@lumino/coreutils';
import { Stream } from '@lumino/signaling';
import { EnvironmentsModel, LOCAL_STORE_EVENT, COPY_EVENT } from '../model';
import { CondaStoreError } from '../api/request';
import {
  FakeApi,
  UNREACHABLE,
  build,
  environment,
  localStore,
  localCopy,
  status
} from './fake';

describe('EnvironmentsModel', () => {
  let api: FakeApi;
  let events: Stream<unknown, ReadonlyJSONObject>;
  let model: EnvironmentsModel;

  beforeEach(() => {
    api = new FakeApi();
    api.rows = [environment('data'), environment('minimal', { id: 2 })];
    events = new Stream<unknown, ReadonlyJSONObject>({});
    model = new EnvironmentsModel({ api, events });
  });

  afterEach(() => model.dispose());

  const emit = (schema_id: string, data: object) =>
    events.emit({ schema_id, ...data } as ReadonlyJSONObject);
  const settled = () => new Promise(resolve => setTimeout(resolve));

  it('is connected once status and list are there', async () => {
    expect(model.connection).toBe('unknown');
    await model.refresh();
    expect(model.connection).toBe('connected');
    expect(model.environments.map(row => row.name)).toEqual([
      'data',
      'minimal'
    ]);
    expect(model.loading).toBe(false);
  });

  it('keeps the last known list while the server is away', async () => {
    await model.refresh();
    api.copies = [localCopy()];
    api.answer = status({
      reachable: false,
      error: { code: 'server_unreachable', message: 'It does not answer.' }
    });
    api.failures.environments = UNREACHABLE;
    await model.refresh();
    expect(model.connection).toBe('disconnected');
    expect(model.problem?.message).toBe('It does not answer.');
    const [data, minimal] = model.environments;
    expect(model.stateOf(data)).toMatchObject({
      kind: 'ready',
      launchable: true
    });
    expect(model.stateOf(minimal)).toMatchObject({
      kind: 'absent',
      launchable: false
    });
  });

  it('lists what is on this machine when the server was never heard of', async () => {
    api.answer = status({ reachable: false, error: UNREACHABLE });
    api.failures.environments = UNREACHABLE;
    api.copies = [
      localCopy(),
      localCopy({ key: 'abcdef01-3', build_id: 3 }),
      localCopy({ key: 'abcdef01-4', build_id: 4, state: 'failed' })
    ];
    await model.refresh();
    expect(model.environments).toHaveLength(1);
    expect(model.environments[0].current_build_id).toBe(3);
    expect(model.stateOf(model.environments[0]).launchable).toBe(true);
  });

  it('does not show what is on this machine while the list is on its way', async () => {
    api.copies = [localCopy()];
    const gate = new PromiseDelegate<void>();
    api.gates['environments  1'] = gate.promise;
    const refreshing = model.refresh();
    await settled();
    expect(model.environments).toEqual([]);
    gate.resolve();
    await refreshing;
    expect(model.environments).toHaveLength(2);
  });

  it('asks for no list while no server is configured', async () => {
    api.answer = status({ url: null });
    await model.refresh();
    api.calls = [];
    await model.refresh();
    expect(model.connection).toBe('unconfigured');
    expect(api.calls).toEqual(['status', 'listCopies']);
  });

  it('tells a server that says no from one that is away', async () => {
    api.failures.environments = new CondaStoreError(
      'server_error',
      'The server had an error of its own.'
    );
    await model.refresh();
    expect(model.connection).toBe('broken');
    expect(model.problem?.code).toBe('server_error');
  });

  it('lists anew when the local store has started', async () => {
    api.answer = status({ url: null });
    await model.refresh();
    const starting = localStore({ state: 'starting', progress: 0.4 });
    emit(LOCAL_STORE_EVENT, starting);
    expect(model.server.status?.local_store.progress).toBe(0.4);
    expect(model.busy).toBe(true);
    api.answer = status({ local_store: localStore({ state: 'running' }) });
    emit(LOCAL_STORE_EVENT, localStore({ state: 'running' }));
    await settled();
    await settled();
    expect(model.connection).toBe('connected');
    expect(model.environments).toHaveLength(2);
  });

  it('says why the local store did not start', async () => {
    api.failures.startLocalStore = new CondaStoreError(
      'local_store',
      'No port is free.'
    );
    await model.refresh();
    await model.server.startLocalStore();
    expect(model.server.localStoreError?.message).toBe('No port is free.');
    expect(model.server.localStoreBusy).toBe(false);
  });

  it('follows a download through the events', async () => {
    await model.refresh();
    emit(
      COPY_EVENT,
      localCopy({
        state: 'running',
        step: 'extract',
        bytes_done: 42,
        bytes_total: 100
      })
    );
    expect(model.stateOf(model.environments[0])).toMatchObject({
      kind: 'downloading',
      fraction: 0.42,
      launchable: false
    });
  });

  it('sends a search once the typing rests', async () => {
    jest.useFakeTimers();
    for (const text of ['m', 'mi', 'min']) {
      model.search.type(text);
    }
    await jest.advanceTimersByTimeAsync(1000);
    jest.useRealTimers();
    expect(model.search.text).toBe('min');
    expect(api.calls).toEqual(['environments min 1']);
    expect(model.environments.map(row => row.name)).toEqual(['minimal']);
  });

  it('takes up an earlier search without asking twice', async () => {
    model.folding.foldedNamespaces = ['default'];
    model.search.restore('min');
    await model.refresh();
    expect(model.folding.isFolded('default')).toBe(true);
    expect(api.calls.filter(call => call.startsWith('environments'))).toEqual([
      'environments min 1'
    ]);
  });

  it('fetches builds on unfolding, and again while one is in progress', async () => {
    await model.refresh();
    api.buildRows = [build(2, { status: 'BUILDING' }), build(1)];
    await model.toggleBuilds(model.environments[0]);
    expect(model.busy).toBe(true);
    api.buildRows = [build(2), build(1)];
    await model.refresh(false);
    expect(model.busy).toBe(false);
    api.calls = [];
    await model.refresh(false);
    expect(api.calls.filter(call => call.startsWith('builds'))).toEqual([]);
  });

  it('asks once why a build failed', async () => {
    api.rows = [environment('data', { status: 'FAILED', launchable: false })];
    api.details[1] = { reason: 'nothing provides nonesuch' };
    await model.refresh();
    expect(model.stateOf(model.environments[0]).kind).toBe('failed');
    await Promise.all([model.builds.loadDetail(1), model.builds.loadDetail(1)]);
    expect(model.stateOf(model.environments[0]).reason).toBe(
      'nothing provides nonesuch'
    );
    expect(api.calls.filter(call => call === 'build 1')).toHaveLength(1);
  });

  it('does not ask the server for a copy that it knows to be ready', async () => {
    api.copies = [localCopy()];
    await model.refresh();
    api.calls = [];
    const copy = await model.copies.fetch({
      namespace: 'default',
      environment: 'data',
      build_id: 1
    });
    expect(copy.key).toBe('abcdef01-1');
    expect(api.calls).toEqual([]);
  });
});
