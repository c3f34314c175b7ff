"""One instance per user: a lock that the kernel lets go of when its holder dies, however it dies."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

if sys.platform != "win32":
    import fcntl

# Whoever asks whether the lock is held takes it for a moment, see `is_held`.
PATIENCE = 2.0


class InstanceLock:
    """An exclusive lock on a file, held from `acquire` until the process ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock and tell whether that worked; false means that another process holds it."""
        descriptor = _open(self.path)
        deadline = time.monotonic() + PATIENCE
        while not _lock(descriptor):
            if time.monotonic() > deadline:
                os.close(descriptor)
                return False
            time.sleep(0.02)
        self._descriptor = descriptor
        return True


def is_held(path: Path) -> bool:
    """Tell whether any process holds the lock."""
    if sys.platform == "win32" or not path.exists():
        return False
    descriptor = _open(path)
    try:
        # shared, so that those who ask do not see each other
        return not _lock(descriptor, shared=True)
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _lock(descriptor: int, *, shared: bool = False) -> bool:
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
