/** Asking again for everything that the panel shows. */

import type { Copies } from '../copies';
import type { Running } from '../running';
import type { Server } from '../server';
import type { Listing } from './listing';
import type { Namespaces } from './namespaces';
import type { Pins } from './pins';
import type { UnfoldedBuilds } from './unfolded';

/** The parts of the panel's model that are asked for again. */
interface IParts {
  readonly copies: Copies;
  readonly listing: Listing;
  readonly pins: Pins;
  readonly running: Running;
  readonly server: Server;
  readonly namespaces: Namespaces;
}

/** Asks in the order in which the answers depend on each other. */
export class Reload {
  /**
   * @param changed - Called at the begin and the end of every run.
   */
  constructor(
    private readonly _parts: IParts,
    private readonly _unfolded: UnfoldedBuilds,
    private readonly _changed: () => void
  ) {}

  /** Tell whether a run is under way. */
  get running(): boolean {
    return this._runs > 0;
  }

  /**
   * Ask again.
   *
   * @param everything - Whether to fetch the builds of unfolded environments too where nothing goes on.
   */
  async run(everything: boolean): Promise<void> {
    const { copies, server } = this._parts;
    this._runs++;
    this._changed();
    // Without a usable server the list would only fail: ask how it is first.
    const eager = !server.status || server.usable;
    await Promise.all([
      server.refresh(),
      copies.refresh().catch(() => undefined),
      eager ? this._list(everything) : undefined
    ]);
    if (!eager && server.usable) {
      await this._list(true);
    }
    this._runs--;
    this._changed();
  }

  /** Follow the running builds of the visible environments. */
  followVisible(): void {
    const { listing, running } = this._parts;
    for (const row of listing.visibleRows) {
      const { namespace, name: environment, running_build_id: id } = row;
      if (id !== null) {
        running.follow({ id, namespace, environment });
      }
    }
  }

  private async _list(everything: boolean): Promise<void> {
    const { listing, pins, namespaces } = this._parts;
    await listing.reload();
    await pins.refresh();
    const { lastNamespaces, error } = listing;
    if (lastNamespaces) {
      namespaces.take(lastNamespaces);
    } else if ((everything || !namespaces.loaded) && !error) {
      // Without them the list is as good, but for what may be done with a namespace.
      await namespaces.refresh().catch(() => undefined);
    }
    this.followVisible();
    await this._unfolded.refresh(everything);
  }

  private _runs = 0;
}
