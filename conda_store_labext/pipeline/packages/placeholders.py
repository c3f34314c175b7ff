"""The prefix put into a package's files in place of the placeholder that stands there."""

from __future__ import annotations

import hashlib
import os

from ..limits import MIB
from ..rewrite import replace_binary, replace_text
from .description import PathEntry
from .scripts import LONGEST, shortened


def replace_prefix(fd: int, entry: PathEntry, prefix: bytes) -> bool:
    """Put the prefix into an open file, which has a placeholder; tell whether that changed it."""
    assert entry.placeholder is not None
    if entry.binary:
        return replace_binary(fd, entry.placeholder, prefix)
    changed = replace_text(fd, entry.placeholder, prefix)
    short = shortened(os.pread(fd, 4096 + LONGEST, 0), prefix) if changed else None
    if short:
        head, length = short
        rest = os.pread(fd, os.fstat(fd).st_size, length)
        os.ftruncate(fd, 0)
        os.pwrite(fd, head + rest, 0)
    return changed


def sha256_of(fd: int) -> str:
    """Return the sha256 of an open file."""
    digest = hashlib.sha256()
    at = 0
    while data := os.pread(fd, MIB, at):
        digest.update(data)
        at += len(data)
    return digest.hexdigest()
