"""Starts: kernels of this process whose environment is being fetched, which whoever shuts one down can end.

jupyter_server waits for a start before it shuts the kernel down, so that a provisioner hears of it too late.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SESSION_PATH = "JPY_SESSION_NAME"  # jupyter_server's variable for a kernel: the path of its session


@dataclass(frozen=True, eq=False)
class Start:
    """One start: the kernel's id, the path of the session that it is for ("" for none), and what ends it."""

    kernel_id: str
    path: str
    end: Callable[[], None]


_starts: set[Start] = set()
_lock = threading.Lock()


@contextmanager
def under_way(start: Start) -> Iterator[None]:
    """Have a start known as long as the block runs."""
    with _lock:
        _starts.add(start)
    try:
        yield
    finally:
        with _lock:
            _starts.discard(start)


def end_kernel(kernel_id: str) -> int:
    """End the start of a kernel, if it is under way, and return how many that were; answers at once."""
    return _end(lambda start: start.kernel_id == kernel_id)


def end_session(path: str) -> int:
    """End the starts for a session's path, and return how many there were; answers at once."""
    return _end(lambda start: bool(path) and start.path == path)


def end_all() -> int:
    """End every start, and return how many there were; answers at once."""
    return _end(lambda _: True)


def _end(meant: Callable[[Start], bool]) -> int:
    with _lock:
        ended = [start for start in _starts if meant(start)]
    for start in ended:
        start.end()
    return len(ended)
