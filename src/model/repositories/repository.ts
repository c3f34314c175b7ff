/** A repository that somebody looks at and opens: what is asked for, what was seen, how far it is. */

import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IApi } from '../../api';
import type {
  IOpenedRepository,
  IRepositoriesApi,
  IRepositoryLook,
  IRepositoryNames,
  IRepositoryRequest,
  IVisit
} from '../../api/repositories';
import { parseName } from '../../api/names';
import { toErrorInfo } from '../../api/request';
import type { IErrorInfo } from '../../tokens';
import { Preview } from '../editor/preview';
import { BuildLog } from '../page/buildlog';
import { Names } from './names';
import { EMPTY } from './request';

export type RepositoryApi = Pick<
  IRepositoriesApi,
  'look' | 'open' | 'visit' | 'cancel' | 'names'
> &
  Pick<IApi, 'preview' | 'buildLog'>;

/** Milliseconds between two looks at what is under way. */
const POLL = 400;

/** Looks when it is told to, and follows what is under way until it has ended. */
export class RepositoryModel implements IDisposable {
  constructor(
    private readonly _api: RepositoryApi,
    request: Partial<IRepositoryRequest>,
    private readonly _poll = POLL
  ) {
    this._request = { ...EMPTY, ...request };
    const changed = () => this._changed();
    this.log = new BuildLog(_api, changed);
    this.preview = new Preview(_api, changed);
    this._names = new Names(_api, () => this._request, changed);
  }

  /** True if the visit under way, or the one that ended last, is an opening. */
  opening = false;

  /** The notebooks of the repository as it was last looked at. */
  notebooks: ReadonlyArray<string> = [];

  /** The log of the build that is waited for. */
  readonly log: BuildLog;

  /** The packages that would be built, as last requested. */
  readonly preview: Preview;

  /** Emitted after every change. */
  get stateChanged(): ISignal<this, void> {
    return this._stateChanged;
  }

  /** Emitted when a repository was opened. */
  get opened(): ISignal<this, IOpenedRepository> {
    return this._opened;
  }

  get request(): IRepositoryRequest {
    return this._request;
  }

  /** The look at just this request; null before that. */
  get seen(): IRepositoryLook | null {
    return this._seen;
  }

  /** The branches and tags of the repository; null while they are not known. */
  get names(): IRepositoryNames | null {
    return this._names.current;
  }

  /** The look or the opening that was begun last; null before the first, and when something else is asked for. */
  get visit(): IVisit | null {
    return this._visit;
  }

  /** Tell whether a look or an opening is under way. */
  get running(): boolean {
    return this._asking || this._visit?.state === 'running';
  }

  get error(): IErrorInfo | null {
    return this._error;
  }

  get isDisposed(): boolean {
    return this._ended;
  }

  dispose(): void {
    if (this.running) {
      void this.cancel();
    }
    this._ended = true;
    window.clearTimeout(this._timer);
    Signal.clearData(this);
  }

  /** Ask for something else; what was seen counts no longer. */
  change(change: Partial<IRepositoryRequest>): void {
    if (this.running) {
      return;
    }
    if (change.repository !== undefined) {
      this._names.current = null;
      this.notebooks = [];
    }
    this._request = { ...this._request, ...change };
    this._seen = null;
    this._visit = null;
    this._error = null;
    this.preview.clear();
    this._changed();
  }

  /** Ask which branches and tags the repository has; where it does not say, nothing is offered. */
  async askNames(): Promise<void> {
    await this._names.ask();
  }

  /** Look at the repository. */
  async look(): Promise<void> {
    if (this._request.repository.trim()) {
      this._seen = null;
      this.preview.clear();
      await this._begin(false, () => this._api.look(this._request));
    }
  }

  /**
   * Open what was seen: whoever says so trusts it and agrees to its build.
   *
   * @param unsaved - Paths of documents with changes that are not saved.
   */
  async open(unsaved: string[]): Promise<void> {
    const seen = this._seen?.seen;
    if (seen) {
      const agreed = { seen, trust: true, build: true, unsaved };
      const request = { ...this._request, ...agreed };
      await this._begin(true, () => this._api.open(request));
    }
  }

  /** Solve what would be built. */
  async runPreview(): Promise<void> {
    const specification = this._seen?.manifest?.specification;
    const named = parseName(this._seen?.environment ?? '');
    if (specification && named) {
      const { namespace } = named;
      await this.preview.run({ namespace, specification, since: null });
    }
  }

  /** End what is under way. */
  async cancel(): Promise<void> {
    if (this._visit) {
      await this._api.cancel(this._visit.id).catch(() => undefined);
    }
  }

  private async _begin(
    opening: boolean,
    begin: () => Promise<IVisit>
  ): Promise<void> {
    if (this.running) {
      return;
    }
    this.opening = opening;
    this._error = null;
    this._visit = null;
    this._asking = true;
    this._changed();
    try {
      this._visit = await begin();
    } catch (reason) {
      this._error = toErrorInfo(reason);
    }
    this._asking = false;
    this._follow();
  }

  private _follow(): void {
    const { _visit: visit } = this;
    if (visit?.state === 'running') {
      if (!this._ended) {
        window.clearTimeout(this._timer);
        this._timer = window.setTimeout(
          () => void this._ask(visit),
          this._poll
        );
      }
    } else if (visit) {
      this._end(visit);
    }
    void this.log.open(visit?.build_id ?? null);
    this._changed();
  }

  private async _ask(visit: IVisit): Promise<void> {
    try {
      this._visit = await this._api.visit(visit.id);
    } catch (reason) {
      const error = toErrorInfo(reason);
      if (error.code === 'not_found') {
        this._visit = { ...visit, state: 'failed', error };
      }
      // Else the Jupyter server is away; it is asked again.
    }
    this._follow();
  }

  private _end(visit: IVisit): void {
    this._error = visit.error;
    if (visit.look) {
      this._seen = visit.look;
      this.notebooks = visit.look.notebooks;
    }
    if (visit.opened) {
      this._opened.emit(visit.opened);
    }
  }

  private _changed(): void {
    if (!this._ended) {
      this._stateChanged.emit();
    }
  }

  private _request: IRepositoryRequest;
  private _seen: IRepositoryLook | null = null;
  private readonly _names: Names;
  private _visit: IVisit | null = null;
  private _asking = false;
  private _error: IErrorInfo | null = null;
  private _timer = 0;
  private _ended = false;
  private readonly _stateChanged = new Signal<this, void>(this);
  private readonly _opened = new Signal<this, IOpenedRepository>(this);
}
