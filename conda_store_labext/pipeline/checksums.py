"""Size and CRC-32 of every file of a copy as it was published, kept beside it for `verify`.

conda's records cannot tell what pip replaced during the build. A CRC finds what broke or was edited, which is
what `verify` is for, and costs some milliseconds for all of an environment where a SHA-256 costs seconds. A
link counts as where it leads.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from ..store.files import replaced
from .limits import KIB, MIB
from .tree import Tree

try:
    from isal.isal_zlib import crc32
except ImportError:  # no wheel for this machine
    from zlib import crc32

Sum = tuple[int, int]  # size in bytes, CRC-32


class Checksums:
    """The sums of files as they are extracted, and again where they change afterwards.

    They are kept as the lines of the file that is written at last, of which a path's last one counts: that
    takes half of a dictionary's memory, some 5 MB for 45,000 files.
    """

    def __init__(self) -> None:
        self._lines = bytearray()
        self._again: set[bytes] = set()
        self._symlinks: set[bytes] = set()

    def take(self, known: Mapping[bytes, Sum]) -> None:
        """Remember the sums of files that were not read."""
        for path, summed in known.items():
            self._lines += _line(path, summed)
        self._symlinks.difference_update(known)

    def summed(self, path: bytes, size: int, pieces: Iterable[memoryview]) -> Iterator[memoryview]:
        """Pass on a file's contents and remember their sum."""
        crc = 0
        for piece in pieces:
            crc = crc32(piece, crc)
            yield piece
        self._lines += _line(path, (size, crc))
        self._symlinks.discard(path)

    def link(self, path: bytes, target: bytes) -> None:
        """Remember that a file has a second name, whose change is its own."""
        self._symlinks.discard(path)
        self._again |= {path, target}

    def symlink(self, path: bytes) -> None:
        """Remember that a link is there or will be, whatever was there before."""
        self._symlinks.add(path)

    def made(self, path: bytes) -> None:
        """Take in a file that came otherwise, when the sums are written."""
        self._symlinks.discard(path)
        self._again.add(path)

    def changed(self, path: bytes) -> None:
        """Look at a file again before the sums are written."""
        self._again.add(path)

    def write(self, tree: Tree, file: Path) -> None:
        """Write the sums of the files of a tree; OSError."""
        for path in self._again - self._symlinks:
            with os.fdopen(tree.open(path, os.O_RDONLY), "rb") as opened:
                self._lines += _line(path, sum_of(opened))
        for path in self._symlinks:
            above, _, name = path.rpartition(b"/")
            target = os.readlink(name, dir_fd=tree.folder(above, make=False))
            self._lines += _line(path, sum_of(BytesIO(target)))
        file.write_bytes(self._lines)


def _line(path: bytes, summed: Sum) -> bytes:
    size, crc = summed
    return b"%08x %d %s\0" % (crc, size, path)


def sum_of(file: BinaryIO) -> Sum:
    """Return the sum of an open file as it is now."""
    size = crc = 0
    while data := file.read(MIB):
        crc = crc32(data, crc)
        size += len(data)
    return size, crc


def write_checksums(file: Path, sums: Mapping[bytes, Sum], complete_at: int | None = None) -> None:
    """Write the sums of a copy's files in one step; OSError.

    The file's time says when the copy was complete: now, or at a time in nanoseconds.
    """
    with replaced(file) as staged:
        staged.writelines(_line(path, summed) for path, summed in sums.items())
        if complete_at is not None:
            staged.flush()
            os.utime(staged.fileno(), ns=(complete_at, complete_at))


def read_checksums(file: Path) -> dict[bytes, Sum]:
    """Return the sums that `Checksums.write` wrote; none where there is no such file, as for one in place."""
    sums: dict[bytes, Sum] = {}
    with suppress(OSError, ValueError), file.open("rb") as opened:
        rest = b""
        while data := opened.read(256 * KIB):
            *lines, rest = (rest + data).split(b"\0")
            for line in lines:
                crc, size, path = line.split(b" ", 2)
                sums[path] = int(size), int(crc, 16)
    return sums
