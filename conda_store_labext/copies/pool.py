"""DaemonPool: threads that the interpreter does not wait for when it ends.

It waits for those of a ThreadPoolExecutor before it calls what `atexit` knows, so that after Ctrl-C nothing
could end a download in one of them.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

Work = tuple[Callable[..., Any], tuple[Any, ...]]


class DaemonPool:
    """At most `size` daemon threads, each made when there is work for it; what fails stands in the log."""

    def __init__(self, size: int, thread_name_prefix: str) -> None:
        self._size = size
        self._name = thread_name_prefix
        self._work: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._idle = threading.Semaphore(0)
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Have a function called soon; RuntimeError after `shutdown`."""
        with self._lock:
            if self._closed:
                raise RuntimeError("This pool has been shut down.")
            self._work.put((function, arguments))
            if not self._idle.acquire(blocking=False) and len(self._threads) < self._size:
                name = f"{self._name}_{len(self._threads)}"
                thread = threading.Thread(target=self._run, name=name, daemon=True)
                self._threads.append(thread)
                thread.start()

    def shutdown(self, *, cancel: bool = False) -> None:
        """Take no more work and wait until all of it is done, or with `cancel` what has begun of it."""
        with self._lock:
            self._closed = True
            while cancel and not self._work.empty():
                self._work.get()
            for _ in self._threads:
                self._work.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while work := self._work.get():
            function, arguments = work
            try:
                function(*arguments)
            except Exception:
                log.exception("%s failed", function)
            self._idle.release()
