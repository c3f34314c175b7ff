"""A folder that files are written into from names that nobody vouches for: nothing lands outside of it."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from types import TracebackType
from typing import TypeVar

from ..errors import UnsafeArchive
from .limits import Limits

OPEN_FOLDERS = 200  # descriptors; more than `Limits.depth`, so that a path's own folders stay open
FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
# no set-id bits, nothing writable for others, readable and writable for the owner; the umask still applies
MODE_MASK, MODE_LEAST = 0o755, 0o600
SHORT = 200  # bytes of a name that is within every limit
Made = TypeVar("Made")
Own = TypeVar("Own", bound="Tree")
_ODD = re.compile(rb"(?:^|/)\.{0,2}(?:/|$)|\0")


def refused(what: str, path: bytes) -> UnsafeArchive:
    """Return the error for an archive whose member `path` does `what`."""
    return UnsafeArchive(f"The archive {what} ({shown(path)}); it was refused: ask whoever built it.")


def shown(path: bytes) -> str:
    """Return a name fit for a message: short, on one line, and harmless to a terminal."""
    name = path[:200].decode(errors="replace") + ("…" if len(path) > 200 else "")
    return "".join(character if character.isprintable() else "\ufffd" for character in name)


def clean(path: bytes, limits: Limits) -> bytes:
    """Return `path` relative, without `.` and empty parts; UnsafeArchive for one that leaves its folder."""
    if _ODD.search(path):
        if path.startswith(b"/") or b"\0" in path:
            raise refused("names an absolute or an empty path", path)
        parts = [part for part in path.split(b"/") if part not in (b"", b".")]
        if b".." in parts:
            raise refused("would write outside of its folder", path)
        path = b"/".join(parts)
    if len(path) > limits.name and (len(path) > limits.path or max(map(len, path.split(b"/"))) > limits.name):
        raise refused("holds an over-long name", path)
    if path.count(b"/") > limits.depth:
        raise refused("nests its folders too deep", path)
    return path


class Tree:
    """Writes below `root`, which nobody else writes to meanwhile; every path is relative, in `clean` form.

    Folders are made as needed and entered one by one without following links, so a path through a
    symlink or through a file is refused; `open_folders` of them stay open. A path that comes twice, as
    two packages that own it make it, is what comes last: the name is taken away and made anew, so that
    nothing is ever written through it. `replaced` has these paths. Raises UnsafeArchive, and OSError for
    what the disk says.
    """

    def __init__(self, root: Path, open_folders: int = OPEN_FOLDERS) -> None:
        self.root = root
        self.replaced: set[bytes] = set()
        self._open_folders = open_folders
        self._folders: dict[bytes, int] = {b"": os.open(root, FOLDER_FLAGS)}

    def close(self) -> None:
        """Close what is open."""
        while self._folders:
            os.close(self._folders.popitem()[1])

    def __enter__(self: Own) -> Own:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Close what is open."""
        self.close()

    def is_clean(self, path: bytes) -> bool:
        """Tell at once that `clean` would return this path as it is; False says nothing."""
        above, _, name = path.rpartition(b"/")
        return above in self._folders and 2 < len(name) <= SHORT and b"\0" not in name

    def file(self, path: bytes, size: int, mode: int, mtime: int, pieces: Iterable[memoryview]) -> None:
        """Write a new file of `size` bytes from `pieces`, with `mtime` in nanoseconds."""
        above, _, name = path.rpartition(b"/")
        folder, allowed = self.folder(above), mode & MODE_MASK | MODE_LEAST
        fd = self.anew(path, folder, lambda: os.open(name, FILE_FLAGS, allowed, dir_fd=folder))
        try:
            for piece in pieces:
                written = os.write(fd, piece)
                while written < len(piece):  # only a full disk or a signal makes it write less
                    written += os.write(fd, piece[written:])
            os.utime(fd, ns=(mtime, mtime))
        finally:
            os.close(fd)

    def symlink(self, path: bytes, target: bytes) -> None:
        """Make a symlink; where it leads is the caller's concern."""
        above, _, name = path.rpartition(b"/")
        folder = self.folder(above)
        self.anew(path, folder, lambda: os.symlink(target, name, dir_fd=folder))

    def hardlink(self, path: bytes, target: bytes) -> None:
        """Give the regular file `target` of this tree a second name."""
        above, _, name = path.rpartition(b"/")
        source = self.open(target, os.O_RDONLY)
        try:
            from_folder = os.dup(self.folder(target.rpartition(b"/")[0]))
        finally:
            os.close(source)
        try:
            if path != target:
                folder = self.folder(above)  # which may close the descriptor that was copied
                self.anew(
                    path,
                    folder,
                    lambda: os.link(
                        target.rpartition(b"/")[2],
                        name,
                        src_dir_fd=from_folder,
                        dst_dir_fd=folder,
                        follow_symlinks=False,
                    ),
                )
        finally:
            os.close(from_folder)

    def anew(self, path: bytes, folder: int, make: Callable[[], Made]) -> Made:
        """Return what `make` makes of `path` in an open folder, in place of what has that name."""
        try:
            return make()
        except FileExistsError:
            self._take_away(path, folder)
            return make()

    def open(self, path: bytes, flags: int) -> int:
        """Return a descriptor of a regular file that is there; UnsafeArchive for anything else."""
        above, _, name = path.rpartition(b"/")
        folder = self.folder(above, make=False)
        try:
            fd = os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ELOOP, errno.EISDIR, errno.ENXIO):
                raise refused("names a file that it does not hold", path) from None
            raise
        if not S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise refused("names a file that it does not hold", path)
        return fd

    def folder(self, path: bytes, *, make: bool = True) -> int:
        """Return the descriptor of a folder, good until the next call; make it unless told otherwise."""
        open_fd = self._folders.get(path)
        if open_fd is not None:
            return open_fd
        above, _, name = path.rpartition(b"/")
        into = self.folder(above, make=make)
        if make:
            with suppress(FileExistsError):
                os.mkdir(name, 0o755, dir_fd=into)
        try:
            fd = os.open(name, FOLDER_FLAGS, dir_fd=into)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
                raise refused("uses as a folder what is not one", path) from None
            raise
        if len(self._folders) >= self._open_folders:
            os.close(self._folders.pop(next(key for key in self._folders if key)))
        self._folders[path] = fd
        return fd

    def _take_away(self, path: bytes, folder: int) -> None:
        """Remove the name of a file or link, whatever else leads to the same file; a folder stays."""
        try:
            os.unlink(path.rpartition(b"/")[2], dir_fd=folder)
        except (IsADirectoryError, PermissionError):
            raise refused("names one path twice, once as a folder", path) from None
        self.replaced.add(path)
