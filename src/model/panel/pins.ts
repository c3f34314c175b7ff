/** The environments that stand above the list: the user's favourites, and those launched last. */

import { fullName, splitName } from '../../api/names';
import type { IApi } from '../../api';
import type { IEnvironment } from '../../tokens';
import type { Listing } from './listing';

/** The number of environments launched last that are remembered. */
const RECENT = 5;

/** With so few environments, those launched last are visible anyway. */
const SHORT_LIST = 12;

/** An environment by its full name. */
export interface IEnvironmentName {
  readonly namespace: string;
  readonly name: string;
}

/** One of them: its row once it is known. */
export interface IPin extends IEnvironmentName {
  readonly environment: IEnvironment | null;
}

/** Full names as `namespace/name`; what is known of each is the list's, or fetched one by one. */
export class Pins {
  /**
   * @param changed - Called after every change.
   */
  constructor(
    private readonly _api: Pick<IApi, 'environment'>,
    private readonly _listing: Listing,
    private readonly _changed: () => void
  ) {}

  /** The names of the favourites, in the order in which they were chosen. */
  get favouriteNames(): ReadonlyArray<string> {
    return this._favourites;
  }
  set favouriteNames(names: ReadonlyArray<string>) {
    this._favourites = [...new Set(names.filter(name => name.includes('/')))];
    this._changed();
    void this.refresh();
  }

  /** The names of those launched last, the last one first. */
  get recentNames(): ReadonlyArray<string> {
    return this._recent;
  }
  set recentNames(names: ReadonlyArray<string>) {
    this._recent = [...new Set(names)].slice(0, RECENT);
    this._changed();
  }

  /** Tell whether an environment is a favourite. */
  isFavourite(environment: IEnvironmentName): boolean {
    return this._favourites.includes(fullName(environment));
  }

  /** The favourites that there are, or that may be there. */
  get favourites(): IPin[] {
    return this._pins(this._favourites);
  }

  /** Those launched last that are no favourites; none while the whole list is short. */
  get recent(): IPin[] {
    return (this._listing.count ?? 0) > SHORT_LIST
      ? this._pins(
          this._recent.filter(name => !this._favourites.includes(name))
        )
      : [];
  }

  /** Remember that somebody launched an environment. */
  launched(environment: IEnvironmentName): void {
    this.recentNames = [fullName(environment), ...this._recent];
  }

  /** Take over what the list knows, and ask for the rest. */
  async refresh(): Promise<void> {
    const listing = this._listing;
    if (listing.count === null || listing.error) {
      return;
    }
    if (!listing.search && !listing.partial) {
      this._known.clear();
    }
    for (const row of listing.environments) {
      this._known.set(fullName(row), row);
    }
    if (listing.search || listing.partial) {
      await this._ask();
    }
    this._changed();
  }

  private async _ask(): Promise<void> {
    const here = new Set(this._listing.environments.map(fullName));
    const wanted = [...this.favourites, ...this.recent].filter(
      pin => !here.has(fullName(pin))
    );
    for (const pin of wanted) {
      try {
        const row = await this._api.environment(pin.namespace, pin.name);
        this._known.set(fullName(pin), row);
        this._gone.delete(fullName(pin));
      } catch (reason) {
        if ((reason as { code?: string }).code !== 'not_found') {
          return;
        }
        this._known.delete(fullName(pin));
        this._gone.add(fullName(pin));
      }
    }
  }

  private _pins(names: ReadonlyArray<string>): IPin[] {
    const complete = !this._listing.search && !this._listing.partial;
    return names
      .map(full => ({
        ...splitName(full),
        environment: this._known.get(full) ?? null
      }))
      .filter(
        pin => pin.environment || !(complete || this._gone.has(fullName(pin)))
      );
  }

  private _favourites: string[] = [];
  private _recent: string[] = [];
  private readonly _known = new Map<string, IEnvironment>();
  /** Those that the server does not have, or does not show. */
  private readonly _gone = new Set<string>();
}
