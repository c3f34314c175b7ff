"""Folders that came with a git repository, as the index of its clone says.

git itself is not asked: a clone may name programs that git runs. Source: git's
Documentation/gitformat-index.txt, versions 2 to 4.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path

from ..store.files import read_small

MAX_INDEX = 512 * 1024 * 1024  # bytes
MAX_SMALL = 64 * 1024  # bytes of `.git` as a file, and of a configuration
FIXED = 42  # bytes of an entry besides the object's hash
EXTENDED = 0x4000  # the flag of an entry with more flags


def repository_of(path: Path) -> Path | None:
    """Return the clone that a file or folder is tracked in, None where it is in none.

    A clone whose index cannot be read counts as one that tracks it.
    """
    for folder in path.parents:
        git = folder / ".git"
        if not os.path.lexists(git):
            continue
        wanted = os.fsencode(path.relative_to(folder))
        try:
            index = _read_index(git)
            tracked = index is not None and any(
                name == wanted or name.startswith(wanted + b"/") for name in _names(*index)
            )
        except (OSError, ValueError, IndexError, struct.error):
            tracked = True
        return folder if tracked else None
    return None


def _read_index(git: Path) -> tuple[bytes, int] | None:
    """Return a clone's index and the length of its hashes in bytes; None where nothing is tracked yet."""
    if git.is_file():  # of a further work tree, or a submodule
        text = read_small(git, MAX_SMALL).decode("utf-8", "surrogateescape").strip()
        git = git.parent / text.removeprefix("gitdir: ")
    if not (git / "index").exists():
        return None
    common = git
    if (git / "commondir").is_file():
        common /= read_small(git / "commondir", MAX_SMALL).decode("utf-8", "surrogateescape").strip()
    config = read_small(common / "config", MAX_SMALL) if (common / "config").is_file() else b""
    return read_small(git / "index", MAX_INDEX), 32 if b"sha256" in config else 20


def _names(index: bytes, hashed: int) -> Iterator[bytes]:
    """Yield the names of an index's entries."""
    signature, version, count = struct.unpack_from(">4sII", index)
    if signature != b"DIRC" or version not in (2, 3, 4):
        raise ValueError("no index")
    at, name = 12, b""
    for _ in range(count):
        begin = at
        at += FIXED + hashed
        (flags,) = struct.unpack_from(">H", index, at - 2)
        if flags & EXTENDED:
            at += 2
        if version == 4:
            left_out, at = _number(index, at)
            kept = name[: len(name) - left_out]
        else:
            kept = b""
        end = index.index(b"\0", at)
        name = kept + index[at:end]
        # each entry but a compressed one is filled up to eight bytes
        at = end + 1 if version == 4 else begin + (end - begin + 8) // 8 * 8
        yield name


def _number(index: bytes, at: int) -> tuple[int, int]:
    """Return a number of git's variable width and where it ends."""
    value = index[at] & 0x7F
    while index[at] & 0x80:
        at += 1
        value = ((value + 1) << 7) | (index[at] & 0x7F)
    return value, at + 1
