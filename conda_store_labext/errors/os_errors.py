"""The operating system's errors in our own words: disk full, not writable, too many files, bad names."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import BadArchive, CacheNotWritable, CondaStoreLabError, DiskFull

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE})
UNNAMEABLE = frozenset({errno.ENAMETOOLONG, errno.EILSEQ})


def disk_full(folder: Path) -> DiskFull:
    """Return the error for a file system that has no room left for `folder`."""
    what_to_do = "free some space or remove environments that are no longer used, then try again."
    return DiskFull(f"The disk (or your quota) that holds {folder} is full; {what_to_do}")


def explain(error: OSError, folder: Path, variable: str = "") -> CondaStoreLabError:
    """Return the error to show for what the operating system said about something below `folder`.

    `variable` is the one of the environment that chooses another folder, if there is one.
    """
    if error.errno in FULL:
        return disk_full(folder)
    if error.errno in UNNAMEABLE:
        what = f"The archive holds a file name that the file system of {folder} cannot store"
        return BadArchive(f"{what}; configure a folder on another file system, then try again.")
    other = "choose another folder" + (f" by {variable}" if variable else "")
    what = f"failed with {error.strerror or type(error).__name__}; check the disk or {other}"
    if error.errno in DENIED:
        what = f"cannot be written to ({error.strerror}); correct its permissions or {other}"
    if error.errno in EXHAUSTED:
        what_to_do = "close some programs or raise the limit (ulimit -n)"
        what = f"cannot be written to because too many files are open; {what_to_do}"
    return CacheNotWritable(f"{folder} {what}, then try again.")


def exhausted(error: BaseException | None) -> bool:
    """Tell whether an error, or one that it came from, says that too many files are open."""
    said = isinstance(error, OSError) and error.errno in EXHAUSTED
    return said or (error is not None and exhausted(error.__cause__ or error.__context__))


@contextmanager
def os_errors_explained(folder: Path, variable: str = "") -> Iterator[None]:
    """Turn every OSError of the block into the error to show, with `folder` as the place it is about.

    `variable` is the one of the environment that chooses another folder, if there is one.
    """
    try:
        yield
    except OSError as error:
        raise explain(error, folder, variable) from error
