"""A bounded hand-over of chunks from one thread to another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import SimpleQueue

from ..errors import Cancelled


class _Stopped(Exception):
    """The taking side has gone: nothing more is wanted."""


class BoundedQueue:
    """Chunks travel in order, at most `depth` at a time; an error of the giving side is raised on the other.

    `cancel` may be called from a signal handler: SimpleQueue.put is reentrant, and the flag is a plain
    attribute.
    """

    def __init__(self, depth: int) -> None:
        self._queue: SimpleQueue[bytes | BaseException | None] = SimpleQueue()
        self._room = threading.Semaphore(depth)
        self._stopped = False
        self._cancelled = False

    def put_all(self, chunks: Iterator[bytes]) -> None:
        """Give every chunk, then the end or the error that ended them; the giving thread's whole work."""
        end: BaseException | None = None
        try:
            for chunk in chunks:
                self._room.acquire()
                if self._stopped:
                    raise _Stopped
                self._queue.put(chunk)
        except _Stopped:
            return
        except BaseException as error:  # raised again where it is taken
            end = error
        self._queue.put(end)

    def get(self) -> Iterator[bytes]:
        """Yield the chunks; raise Cancelled once asked to, and whatever the giving side raised."""
        while True:
            item = self._queue.get()
            if self._cancelled:
                raise Cancelled("The download was cancelled; start it again whenever you like.")
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            self._room.release()
            yield item

    def cancel(self) -> None:
        """Make the taking side raise Cancelled, even if nothing comes from the giving side any more."""
        self._cancelled = True
        self._queue.put(None)

    def stop(self) -> None:
        """Tell the giving side that nothing more is wanted."""
        self._stopped = True
        self._room.release()
