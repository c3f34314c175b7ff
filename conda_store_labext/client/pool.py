"""DaemonPool: threads that the interpreter does not wait for when it ends.

It waits for those of a ThreadPoolExecutor before it calls what `atexit` knows, so that after Ctrl-C nothing
could end a download in one of them, and a server that does not answer would keep the program from ending.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any, TypeVar

from ..errors import Cancelled

log = logging.getLogger(__name__)

T = TypeVar("T")


class DaemonPool(Executor):
    """At most `size` daemon threads, each made when there is work for it.

    With `log_failures` what fails stands in the log, for where nobody looks at the futures.
    """

    def __init__(self, size: int, name: str, *, log_failures: bool = False) -> None:
        self._size = size
        self._name = name
        self._log_failures = log_failures
        self._work: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._idle = threading.Semaphore(0)
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have a function called soon; Cancelled after `shutdown`."""
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise Cancelled("What was to do this has just been closed; try again.")
            self._work.put((future, partial(fn, *args, **kwargs)))
            if not self._idle.acquire(blocking=False) and len(self._threads) < self._size:
                name = f"{self._name}_{len(self._threads)}"
                thread = threading.Thread(target=self._run, name=name, daemon=True)
                self._threads.append(thread)
                thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work and `wait` until all is done, or with `cancel_futures` what has begun."""
        with self._lock:
            self._closed = True
            while cancel_futures and not self._work.empty():
                if work := self._work.get():
                    work[0].cancel()
            for _ in self._threads:
                self._work.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _run(self) -> None:
        while work := self._work.get():
            future, call = work
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(call())
                except BaseException as error:
                    if self._log_failures:
                        log.exception("What was to be done in the background failed")
                    future.set_exception(error)
            del work, future, call  # the next may be long in coming
            self._idle.release()
