/** The search of the panel. */

import { Debouncer } from '@lumino/polling';
import type { Listing } from './listing';

/** Milliseconds without a keystroke before a search is sent. */
const DELAY = 150;

/** The text in the search box, and its way to the server. */
export class Search {
  /**
   * @param changed - Called when the text has changed.
   */
  constructor(
    private readonly _listing: Listing,
    private readonly _changed: () => void
  ) {
    this._sending = new Debouncer(
      () => this._listing.find(this._text.trim()),
      DELAY
    );
  }

  /** The text in the search box, sent or not. */
  get text(): string {
    return this._text;
  }

  /** Search as someone types: the request goes out once the typing rests. */
  type(text: string): void {
    this._text = text;
    this._changed();
    this._sending.invoke().catch(() => {
      // A later keystroke, or the model's end, took this one's place.
    });
  }

  /** Take up the search of an earlier visit. */
  restore(text: string): void {
    this._text = text;
    this.find(text.trim());
  }

  /** Search anew; before the first look at the server, take up what that is to search for. */
  find(search: string): void {
    if (this._listing.loading || this._listing.count !== null) {
      void this._listing.find(search);
    } else {
      this._listing.search = search;
    }
  }

  /** Send nothing any more. */
  dispose(): void {
    this._sending.dispose();
  }

  private _text = '';
  private readonly _sending: Debouncer;
}
