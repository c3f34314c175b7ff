"""A copy as it was published: the sums of its files, and which source has which byte code."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from ...store.layout import checksums_of
from ..checksums import Sum, read_checksums
from .known import read_known


class Published:
    """The environment in `prefix`; what is asked of it is read once, however many packages come from it."""

    def __init__(self, prefix: Path) -> None:
        self.prefix = prefix

    @cached_property
    def sums(self) -> dict[bytes, Sum]:
        """Size and CRC-32 of every file."""
        return read_checksums(checksums_of(self.prefix))

    @cached_property
    def complete_at(self) -> int:
        """The time at which all of it had been written, in nanoseconds as the file system counts them."""
        try:
            return checksums_of(self.prefix).stat().st_mtime_ns
        except OSError:
            return 0

    @cached_property
    def as_packed(self) -> frozenset[str]:
        """The packages, by their file's names without ending, that were known to be as they were packed."""
        known = read_known(self.prefix)
        return known.as_packed if known else frozenset()

    @cached_property
    def bytecode(self) -> dict[bytes, bytes]:
        """The path of the byte code by that of its source."""
        compiled = [path for path in self.sums if path.endswith(b".pyc")]
        return {source: path for path in compiled if (source := compiled_from(path))}


def compiled_from(path: bytes) -> bytes | None:
    """Return the source that a path is the byte code of, None where it is none."""
    if not path.endswith(b".pyc"):
        return None
    above, cache, name = path.rpartition(b"/__pycache__/")
    module, _, tag = name.partition(b".")
    return above + b"/" + module + b".py" if cache and tag.count(b".") == 1 else None
