"""Files that an environment has in common with one that is here already are linked, not written again.

Nothing is believed: the incoming bytes are compared with the sibling's file as they come. Where the file
system can (btrfs, XFS), a file becomes a clone that shares blocks until one of the two is changed. Elsewhere
it gets a second name, and then whatever changes it in place changes it everywhere; so that is done only for
files that are replaced, not changed: below `lib/` and `include/`, without what `_CHANGED_IN_PLACE` names,
and never for one that is opened for writing here, as every file of the prefix records is.
"""

from __future__ import annotations

import errno
import fcntl
import itertools
import os
import re
import secrets
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from stat import S_IMODE, S_ISREG

from ..errors import UnsafeArchive
from .limits import KIB, MIB
from .tree import FILE_FLAGS, MODE_LEAST, MODE_MASK, Tree

FICLONE = 0x40049409  # linux/fs.h
OPEN_FOLDERS = 40  # descriptors of each sibling
# reading a sibling's program is no use of that sibling
READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | getattr(os, "O_NOATIME", 0)
# pip and setuptools edit .pth and what describes a package, people add certificates and edit configuration
_CHANGED_IN_PLACE = re.compile(
    rb"\.(?:pth|egg-link|pem|crt|cfg|conf|ini|toml|yaml|yml)$|rc$|/etc/|\.(?:dist|egg)-info/|/share/jupyter/"
)
STEP = 256 * KIB  # bytes compared at a time
_LINKED_BELOW = (b"lib/", b"include/")


class SiblingChanged(Exception):
    """A sibling's file was changed while it was compared: start afresh."""


class SharingTree(Tree):
    """Writes below `root`, taking what it can from the environments in `siblings`, the likeliest first.

    They may be removed meanwhile: an open file stays what it is, and what is gone is written.
    """

    def __init__(self, root: Path, siblings: Sequence[Path]) -> None:
        super().__init__(root)
        self.shared = 0  # bytes that were not written
        self._siblings: list[Tree] = []
        for prefix in siblings:
            with suppress(OSError):
                self._siblings.append(Tree(prefix, OPEN_FOLDERS))
        self._clones = bool(self._siblings) and can_clone(root)
        self._links = True
        self._twins: set[int] = set()
        self._buffer = bytearray(STEP)
        self._view = memoryview(self._buffer)

    def close(self) -> None:
        """Close what is open."""
        super().close()
        for sibling in self._siblings:
            sibling.close()

    def file(self, path: bytes, size: int, mode: int, mtime: int, pieces: Iterable[memoryview]) -> None:
        """Make a new file as `Tree.file` does, or share one that is there with just these bytes."""
        candidate = self._siblings and self._find(path, size, mode & MODE_MASK | MODE_LEAST, mtime)
        if not candidate:
            super().file(path, size, mode, mtime, pieces)
            return
        fd, before = candidate
        try:
            rest = self._difference(fd, iter(pieces))
            if rest is None and self._share(fd, path, mode, mtime):
                self.shared += size
            else:
                super().file(path, size, mode, mtime, _from(fd, size) if rest is None else rest)
            if os.fstat(fd).st_mtime_ns != before:
                raise SiblingChanged
        finally:
            os.close(fd)

    def adopt(self, source: int, path: bytes) -> None:
        """Make `path` the same file as an open one of a sibling, or a copy of it where that may not be."""
        status = os.fstat(source)
        sharing = bool(self._siblings) and (self._clones or self.may_link(path, status.st_mode))
        sharing = sharing and bool(status.st_size)
        if sharing and self._share(source, path, status.st_mode, status.st_mtime_ns):
            self.shared += status.st_size
            return
        contents = _from(source, status.st_size)
        super().file(path, status.st_size, status.st_mode, status.st_mtime_ns, contents)

    def may_link(self, path: bytes, mode: int) -> bool:
        """Tell whether a sibling's file of this path and mode is to have a second name here."""
        if not self._siblings or self._clones or not self._links or not may_be_linked(path):
            return False
        return S_IMODE(mode) == S_IMODE(mode) & MODE_MASK | MODE_LEAST

    def hardlink(self, path: bytes, target: bytes) -> None:
        """Give the regular file `target` of this tree a second name; it is shared no longer then."""
        fd = self.open(target, os.O_RDWR)
        self._twins.add(os.fstat(fd).st_ino)
        os.close(fd)
        super().hardlink(path, target)

    def open(self, path: bytes, flags: int) -> int:
        """Return a descriptor of a regular file, which is this tree's own if it is opened for writing."""
        fd = super().open(path, flags)
        if flags & os.O_ACCMODE == os.O_RDONLY:
            return fd
        status = os.fstat(fd)
        if status.st_nlink == 1 or status.st_ino in self._twins:
            return fd
        try:
            self._make_own(path, fd)
        finally:
            os.close(fd)
        return super().open(path, flags)

    def _find(self, path: bytes, size: int, mode: int, mtime: int) -> tuple[int, int] | None:
        """Return a descriptor and the mtime of a sibling's file that looks the same and may be shared."""
        if not size or not (self._clones or (self._links and may_be_linked(path))):
            return None
        above, _, name = path.rpartition(b"/")
        # nobody asks when a .pyc was written: the time of its source stands in it
        any_time = self._clones or name.endswith(b".pyc")
        for sibling in self._siblings:
            try:
                fd = os.open(name, READ_FLAGS, dir_fd=sibling.folder(above, make=False))
            except (OSError, UnsafeArchive):
                continue
            status = os.fstat(fd)
            if (
                status.st_size == size
                and S_ISREG(status.st_mode)
                and (self._clones or S_IMODE(status.st_mode) == mode)
                and (any_time or status.st_mtime_ns == mtime)
            ):
                return fd, status.st_mtime_ns
            os.close(fd)
        return None

    def _difference(self, fd: int, pieces: Iterator[memoryview]) -> Iterator[memoryview] | None:
        """Read an open file along with `pieces`; None if they are the same, else what there is to write."""
        same = 0
        for piece in pieces:
            for at in range(0, len(piece), STEP):
                part = piece[at : at + STEP]
                # into one buffer for all, and by memcmp: bytes and memoryviews compare one by one
                if os.readv(fd, [self._view[: len(part)]]) != len(part) or not self._buffer.startswith(part):
                    return itertools.chain(_from(fd, same), (piece[at:],), pieces)
                same += len(part)
        return None

    def _share(self, source: int, path: bytes, mode: int, mtime: int) -> bool:
        """Make `path` the same file as an open one of a sibling; False if it must be written."""
        above, _, name = path.rpartition(b"/")
        folder = self.folder(above)
        if self._clones:
            return self.anew(path, folder, lambda: _clone(source, name, folder, mode, mtime))
        try:
            # by descriptor: this very file, even if another has its name by now
            link = partial(os.link, f"/proc/self/fd/{source}", name, dst_dir_fd=folder, follow_symlinks=True)
            self.anew(path, folder, link)
        except OSError as error:
            if (
                error.errno in (errno.EPERM, errno.EOPNOTSUPP, errno.EXDEV)
                or not Path("/proc/self/fd").is_dir()
            ):
                self._links = False
            return False
        return True

    def _make_own(self, path: bytes, fd: int) -> None:
        above, _, name = path.rpartition(b"/")
        folder = self.folder(above, make=False)
        status = os.fstat(fd)
        aside = b"." + secrets.token_hex(8).encode()
        new = os.open(aside, FILE_FLAGS, S_IMODE(status.st_mode), dir_fd=folder)
        try:
            for piece in _from(fd, status.st_size):
                _write(new, piece)
            os.utime(new, ns=(status.st_mtime_ns, status.st_mtime_ns))
        finally:
            os.close(new)
        os.rename(aside, name, src_dir_fd=folder, dst_dir_fd=folder)
        self.shared -= status.st_size


def may_be_linked(path: bytes) -> bool:
    """Tell whether a file of this path is only ever replaced as a whole by what is usual in environments."""
    return path.startswith(_LINKED_BELOW) and not _CHANGED_IN_PLACE.search(path)


def can_clone(folder: Path) -> bool:
    """Tell whether files in a folder can share blocks until one of them is changed."""
    if sys.platform != "linux":
        return False
    names = [os.fsencode(folder / f".{secrets.token_hex(8)}") for _ in range(2)]
    fds: list[int] = []
    try:
        for name in names:
            fds.append(os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        os.write(fds[0], b"x")
        fcntl.ioctl(fds[1], FICLONE, fds[0])
    except OSError:
        return False
    finally:
        for name, fd in zip(names, fds, strict=False):
            os.close(fd)
            Path(os.fsdecode(name)).unlink()
    return True


def _clone(source: int, name: bytes, folder: int, mode: int, mtime: int) -> bool:
    fd = os.open(name, FILE_FLAGS, mode & MODE_MASK | MODE_LEAST, dir_fd=folder)
    try:
        fcntl.ioctl(fd, FICLONE, source)
        os.utime(fd, ns=(mtime, mtime))
    except OSError:
        os.unlink(name, dir_fd=folder)
        return False
    finally:
        os.close(fd)
    return True


def _from(fd: int, size: int) -> Iterator[memoryview]:
    """Yield the first `size` bytes of an open file."""
    at = 0
    while at < size:
        data = os.pread(fd, min(MIB, size - at), at)
        if not data:
            raise SiblingChanged
        at += len(data)
        yield memoryview(data)


def _write(fd: int, piece: memoryview) -> None:
    while piece:
        piece = piece[os.write(fd, piece) :]
