"""A copy as it was published: the sums of its files, and which source has which byte code."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from ...store.layout import checksums_of
from ..checksums import Sum, read_checksums


class Published:
    """The environment in `prefix`; what is asked of it is read once, however many packages come from it."""

    def __init__(self, prefix: Path) -> None:
        self.prefix = prefix

    @cached_property
    def sums(self) -> dict[bytes, Sum]:
        """Size and CRC-32 of every file."""
        return read_checksums(checksums_of(self.prefix))

    @cached_property
    def bytecode(self) -> dict[bytes, bytes]:
        """The path of the byte code by that of its source."""
        return {source: path for path in self.sums if (source := compiled_from(path))}


def compiled_from(path: bytes) -> bytes | None:
    """Return the source that a path is the byte code of, None where it is none."""
    if not path.endswith(b".pyc"):
        return None
    above, cache, name = path.rpartition(b"/__pycache__/")
    module, _, tag = name.partition(b".")
    return above + b"/" + module + b".py" if cache and tag.count(b".") == 1 else None
