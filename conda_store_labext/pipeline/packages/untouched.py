"""Files of a copy that are as they were published, put into another tree without being read where possible.

Where the file system says that a file's status changed last before the copy was complete, nobody wrote to it
since. Whatever happens to a file moves that time, even one more name of it, and no program can set it back.
Where it is later, the contents are compared with their sum.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from stat import S_ISREG

from ...errors import UnsafeArchive
from ..checksums import sum_of
from ..sharing import READ_FLAGS, SharingTree
from ..tree import Tree
from .published import Published


class Untouched:
    """Puts files of the `published` copy, whose folder is `copy`, into `tree` at the same paths."""

    def __init__(self, tree: SharingTree, copy: Tree, published: Published) -> None:
        self._tree = tree
        self._copy = copy
        self._sums = published.sums
        self._since = published.complete_at
        self._names: dict[int, bytes] = {}

    def link(self, paths: Iterable[bytes]) -> list[bytes]:
        """Put files into the tree and return the others, which are not what was published; OSError.

        It is quickest where files of one folder follow each other.
        """
        left = [path for path in self._by_name(paths) if not self._by_contents(path)]
        self._names.clear()
        return left

    def _by_name(self, paths: Iterable[bytes]) -> list[bytes]:
        """Give files that nobody touched a second name; return those that are to be opened for it."""
        left: list[bytes] = []
        folder: bytes | None = None
        source = into = -1
        sums, since, names, tree = self._sums, self._since, self._names, self._tree
        stat, link, may_link = os.stat, os.link, tree.may_link
        for path in paths:
            above, _, name = path.rpartition(b"/")
            try:
                if above != folder:
                    folder, into = None, -1
                    source, folder = self._copy.folder(above, make=False), above
                status = stat(name, dir_fd=source, follow_symlinks=False)
            except (OSError, UnsafeArchive):
                left.append(path)
                continue
            size = status.st_size
            if (
                status.st_ctime_ns >= since
                or not size
                or size != sums[path][0]
                or not may_link(path, status.st_mode)
                or names.setdefault(status.st_ino, path) != path
            ):
                left.append(path)
                continue
            if into < 0:
                into = tree.folder(above)
            try:
                link(name, name, src_dir_fd=source, dst_dir_fd=into, follow_symlinks=False)
            except OSError:  # it has that name already, or may not have another one
                left.append(path)
                continue
            tree.shared += size
        return left

    def _by_contents(self, path: bytes) -> bool:
        """Put one file into the tree by an open descriptor; False where it is not what was published."""
        above, _, name = path.rpartition(b"/")
        try:
            fd = os.open(name, READ_FLAGS, dir_fd=self._copy.folder(above, make=False))
        except (OSError, UnsafeArchive):
            return False
        with os.fdopen(fd, "rb", buffering=0) as file:
            status = os.fstat(fd)
            if not S_ISREG(status.st_mode) or status.st_size != self._sums[path][0]:
                return False
            if status.st_ctime_ns >= self._since and sum_of(file) != self._sums[path]:
                return False
            first = self._names.setdefault(status.st_ino, path)
            if first != path:
                self._tree.hardlink(path, first)
            else:
                self._tree.adopt(fd, path)
            if os.fstat(fd).st_mtime_ns == status.st_mtime_ns:
                return True
        with suppress(OSError, UnsafeArchive):
            os.unlink(name, dir_fd=self._tree.folder(above))
        return False
