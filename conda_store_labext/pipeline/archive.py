"""Safe streaming extraction: the plain bytes of a tar archive become files below one folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..errors import BadArchive, UnsafeArchive
from ..errors.os_errors import disk_full
from .checksums import Checksums
from .limits import MIB, Limits
from .tarstream import FILE, FOLDER, SYMLINK, TarStream
from .tree import Tree, clean, refused

LOOK_EVERY = 16 * MIB  # bytes written between two looks at how much room the disk has


@dataclass(frozen=True)
class Extracted:
    """Contents of an archive: `files` (links included), `size` in bytes, absolute symlinks still to be made.

    An absolute link is safe only if it leads into the environment itself, which the prefix records at the
    archive's end tell.
    """

    files: int
    size: int
    absolute_links: tuple[tuple[bytes, bytes], ...]


def extract(
    chunks: Iterator[bytes],
    tree: Tree,
    limits: Limits,
    report: Callable[[int], None] = lambda files: None,
    sums: Checksums | None = None,
) -> Extracted:
    """Write every member of the tar stream `chunks` into `tree`; `report` hears how many there were so far.

    `sums` takes the checksum of every file.

    Raises BadArchive for a damaged or empty archive, UnsafeArchive for one that would leave its folder or
    holds what an environment never does, DiskFull before less than `limits.spare` is free, and OSError.
    """
    stream = TarStream(chunks, limits)
    sums = sums or Checksums()
    absolute: dict[bytes, bytes] = {}
    files = written = 0
    look_at = 0
    for path, kind, mode, size, mtime, link in stream.members():
        if not tree.is_clean(path):
            path = clean(path, limits)
        if kind is FOLDER:
            tree.folder(path)
            continue
        files += 1
        written += size
        if not path or files > limits.files or written > limits.unpacked:
            raise _too_much(path, files, limits)
        if written >= look_at:
            require_room(tree, size + limits.spare)
            look_at = written + LOOK_EVERY
        if absolute:
            absolute.pop(path, None)  # the later member of a path is the one that counts
        if kind is FILE:
            tree.file(path, size, mode, mtime, sums.summed(path, size, stream.contents(size)))
        elif kind is SYMLINK:
            sums.symlink(path)
            if link.startswith(b"/"):
                absolute[path] = link
            else:
                tree.symlink(path, inside(path, link))
        else:
            link = clean(link, limits)
            tree.hardlink(path, link)
            sums.link(path, link)
        report(files)
    if not files:
        raise BadArchive("The archive holds no files; rebuild the environment, then try again.")
    return Extracted(files, written, tuple(absolute.items()))


def inside(path: bytes, target: bytes) -> bytes:
    """Return a relative link's target if it cannot lead out of the tree.

    Leading `..` climb real folders only (no path of the tree goes through a link), and what follows goes
    down, perhaps through links that are inside themselves. A later `..` could climb out of such a link.
    """
    parts = [part for part in target.split(b"/") if part not in (b"", b".")]
    climbs = next((at for at, part in enumerate(parts) if part != b".."), len(parts))
    if climbs > path.count(b"/") or b".." in parts[climbs:] or b"\0" in target or not target:
        raise refused("holds a symlink that leads out of its folder", path)
    return target


def _too_much(path: bytes, files: int, limits: Limits) -> UnsafeArchive:
    if not path:
        return UnsafeArchive("The archive holds a file without a name; it was refused: ask whoever built it.")
    what = f"{limits.files:,} files" if files > limits.files else f"{limits.unpacked:,} bytes"
    return UnsafeArchive(
        f"The archive holds more than {what}, as no environment does; it was refused: ask whoever built it."
    )


def require_room(tree: Tree, size: int) -> None:
    """Raise DiskFull unless so many bytes are free where a tree is."""
    disk = os.statvfs(tree.root)
    if disk.f_bavail * disk.f_frsize < size:
        raise disk_full(tree.root)
