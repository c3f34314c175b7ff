"""Disk usage of environments, a file with several names counted once."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

BLOCK = 512  # bytes; the unit of st_blocks whatever the file system's own

_Inode = tuple[int, int]


class Usage:
    """The bytes on disk of each of `folders` (by any name); what cannot be read counts for nothing.

    Blocks that files share by reflink are counted for each of them: nothing tells them apart cheaply.
    """

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._alone: dict[str, int] = {}
        self._linked: dict[str, Counter[_Inode]] = {}
        self._size: dict[_Inode, int] = {}
        self._names: dict[_Inode, int] = {}
        for name, folder in folders.items():
            self._linked[name] = Counter()
            self._alone[name] = self._measure(name, folder)

    @property
    def total(self) -> int:
        """Bytes of all folders together."""
        linked = {inode for inodes in self._linked.values() for inode in inodes}
        return sum(self._alone.values()) + sum(self._size[inode] for inode in linked)

    def freed_by(self, name: str) -> int:
        """Return the bytes that removing this folder gives back: what has no name elsewhere."""
        last = (inode for inode, count in self._linked[name].items() if count == self._names[inode])
        return self._alone[name] + sum(self._size[inode] for inode in last)

    def remove(self, name: str) -> int:
        """Count a folder as removed and return the bytes that this gives back."""
        freed = self.freed_by(name)
        for inode, count in self._linked.pop(name).items():
            self._names[inode] -= count
        del self._alone[name]
        return freed

    def _measure(self, name: str, folder: Path) -> int:
        alone = 0
        with suppress(OSError):
            alone = folder.lstat().st_blocks * BLOCK
        waiting = [str(folder)]
        while waiting:
            try:
                with os.scandir(waiting.pop()) as entries:
                    for entry in entries:
                        stat = entry.stat(follow_symlinks=False)
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append(entry.path)
                        if stat.st_nlink == 1 or entry.is_dir(follow_symlinks=False):
                            alone += stat.st_blocks * BLOCK
                            continue
                        inode = (stat.st_dev, stat.st_ino)
                        self._linked[name][inode] += 1
                        self._size[inode] = stat.st_blocks * BLOCK
                        self._names[inode] = stat.st_nlink
            except OSError:
                continue
        return alone


PROGRAMS = ("python", "R")  # what kernels are usually started by


def last_started(prefix: Path) -> float:
    """Return when a program of the environment was last read, in seconds since 1970; 0 if unknown."""
    latest = 0.0
    try:
        if os.statvfs(prefix).f_flag & getattr(os, "ST_NOATIME", 0):
            return 0.0
        for program in PROGRAMS:
            file = prefix / "bin" / program
            if file.exists():
                latest = max(latest, file.stat().st_atime)
    except OSError:
        pass
    return latest
