"""A lock that processes share through a file: the kernel drops it however its holder ends.

Our own instead of filelock, which has no shared mode.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from ..errors import CacheNotWritable

if sys.platform != "win32":
    import fcntl

UNLOCKABLE = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
POLL = 0.05  # seconds between two tries for a lock that somebody else holds


class FileLock:
    """An exclusive or shared `flock` on `path`, whose file stays behind: removing it would be a race."""

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self.path = path
        self._shared = shared
        self._fd: int | None = None

    @property
    def held(self) -> bool:
        """Tell whether this object holds the lock."""
        return self._fd is not None

    def try_acquire(self) -> bool:
        """Take the lock if nobody stands in the way.

        Raises OSError where the file cannot be made, CacheNotWritable where there are no locks.
        """
        if sys.platform == "win32":
            return False
        operation = fcntl.LOCK_SH if self._shared else fcntl.LOCK_EX
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(fd, operation | fcntl.LOCK_NB)
            if os.fstat(fd).st_nlink:
                self._fd, fd = fd, -1
            # else somebody deleted the store meanwhile: a lock that nobody else can see is none
        except BlockingIOError:
            pass
        except OSError as error:
            if error.errno in UNLOCKABLE:
                raise _unlockable(self.path, error) from None
            raise
        finally:
            if fd >= 0:
                os.close(fd)
        return self.held

    def acquire(self, check: Callable[[], None] = lambda: None) -> None:
        """Wait for the lock, calling `check` (which may raise) before every try."""
        while True:
            check()
            if self.try_acquire():
                return
            time.sleep(POLL)

    def acquire_within(self, seconds: float) -> bool:
        """Wait that long for the lock and tell whether it was to be had."""
        deadline = time.monotonic() + seconds
        while not self.try_acquire():
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL)
        return True

    def keep_over_exec(self) -> None:
        """Leave the lock to the program that this process becomes, until that ends."""
        if self._fd is not None:
            os.set_inheritable(self._fd, True)

    def release(self) -> None:
        """Give the lock back."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> FileLock:
        """Wait for the lock unless it is held already."""
        if not self.held:
            self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Give the lock back."""
        self.release()


def _unlockable(path: Path, error: OSError) -> CacheNotWritable:
    return CacheNotWritable(
        f"{path} cannot be locked, as the file system of {path.parent} has no file locks ({error.strerror}); "
        "choose a folder on another one, by CONDA_STORE_LABEXT_FOLDER for copies and JUPYTER_DATA_DIR for "
        "kernels, then try again."
    )


def is_held(path: Path) -> bool:
    """Tell whether any process holds the lock exclusively; nobody does where there are no locks."""
    if sys.platform == "win32" or not path.exists():
        return False
    lock = FileLock(path, shared=True)  # so that those who ask do not see each other
    try:
        free = lock.try_acquire()
    except CacheNotWritable:
        return False
    lock.release()
    return not free
