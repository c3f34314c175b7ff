"""What the operating system's refusals mean for someone who wanted an environment."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import BadArchive, CacheNotWritable, CondaStoreLabError, DiskFull

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE})
UNNAMEABLE = frozenset({errno.ENAMETOOLONG, errno.EILSEQ})


def disk_full(folder: Path) -> DiskFull:
    """Return the error for a file system that has no room left for `folder`."""
    return DiskFull(
        f"The disk (or your quota) that holds {folder} is full; "
        "free some space or remove environments that are no longer used, then try again."
    )


def explain(error: OSError, folder: Path) -> CondaStoreLabError:
    """Return the error to show for what the operating system said about something below `folder`."""
    if error.errno in FULL:
        return disk_full(folder)
    if error.errno in DENIED:
        return CacheNotWritable(
            f"{folder} cannot be written to ({error.strerror}); "
            "correct its permissions or configure another folder, then try again."
        )
    if error.errno in EXHAUSTED:
        return CacheNotWritable(
            f"{folder} cannot be written to because too many files are open; "
            "close some programs or raise the limit (ulimit -n), then try again."
        )
    if error.errno in UNNAMEABLE:
        return BadArchive(
            f"The archive holds a file name that the file system of {folder} cannot store; "
            "configure a folder on another file system, then try again."
        )
    return CacheNotWritable(
        f"{folder} failed with {error.strerror or type(error).__name__}; "
        "check the disk or configure another folder, then try again."
    )


def exhausted(error: BaseException | None) -> bool:
    """Whether an error, or one that it came from, says that too many files are open."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in EXHAUSTED:
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn every OSError of the block into the error to show, with `folder` as the place it is about."""
    try:
        yield
    except OSError as error:
        raise explain(error, folder) from error
