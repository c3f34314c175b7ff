"""Waiting on the event loop for a fetch, which goes on in a thread of its own until it is given up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

from ..store.records import StoredCopy
from .choose import Fetch

STILL_WANTED = 0.5  # seconds between two signs of life


async def fetched(fetch: Fetch, sign: Callable[[], None], at_last: Callable[[], None]) -> StoredCopy:
    """Return what is fetched, and call `sign` until then; raises Cancelled once it is given up.

    It is given up, too, when the waiting is. `at_last` is called in the fetch's thread at its end.
    """
    done: Future[StoredCopy] = Future()
    ended, loop = asyncio.Event(), asyncio.get_running_loop()

    def tell(_: object) -> None:
        with suppress(RuntimeError):  # the loop has been closed meanwhile
            loop.call_soon_threadsafe(ended.set)

    done.add_done_callback(tell)
    fetch.given_up.add_done_callback(tell)
    # the interpreter does not wait for a daemon, so that `atexit` can end the fetch after Ctrl-C
    threading.Thread(target=_run, args=(fetch, at_last, done), name="conda-store-start", daemon=True).start()
    try:
        while not ended.is_set():
            sign()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(ended.wait(), STILL_WANTED)
    finally:
        fetch.end()
    sign()
    if not done.done():
        raise fetch.gone()
    return done.result()


def _run(fetch: Fetch, at_last: Callable[[], None], done: Future[StoredCopy]) -> None:
    try:
        copy = fetch.run()
    except BaseException as error:
        at_last()
        done.set_exception(error)
    else:
        at_last()
        done.set_result(copy)
