"""The prefix records that conda-pack leaves in `bin/conda-unpack`, read as data and never executed."""

from __future__ import annotations

import ast
import os
import re
from typing import NamedTuple

from ..errors import BadArchive, UnsafeArchive
from .limits import Limits
from .tree import Tree, clean, refused

SCRIPT = b"bin/conda-unpack"
# one record a line: ('path', 'placeholder', 'mode'), almost always without an escape
PLAIN = re.compile(rb"\('([^'\\]*)', '([^'\\]*)', '([^'\\]*)'\),?")
BEGIN, END = b"\n_prefix_records = [\n", b"\n]\n"


class PrefixRecord(NamedTuple):
    """A file in which a path has to be replaced: its name, the placeholder, text or binary."""

    path: bytes
    placeholder: bytes
    binary: bool


def read_records(tree: Tree, limits: Limits) -> list[PrefixRecord]:
    """Return the records of an extracted environment.

    Raises BadArchive where there is no script or no list in it, UnsafeArchive for a record that points
    outside of the environment or names a placeholder that is not an absolute path.
    """
    try:
        fd = tree.open(SCRIPT, os.O_RDONLY)
    except UnsafeArchive:
        raise BadArchive(
            f"The archive holds no {SCRIPT.decode()}; rebuild the environment with conda-pack."
        ) from None
    with os.fdopen(fd, "rb") as file:
        script = file.read(limits.records + 1)
    if len(script) > limits.records:
        raise refused("holds an oversized list of prefix records", SCRIPT)
    begin = script.find(BEGIN) + len(BEGIN)
    end = script.find(END, begin - 1)
    if begin < len(BEGIN) or end < 0:
        raise _unreadable()
    return [_record(line, limits) for line in script[begin:end].splitlines()]


def _record(line: bytes, limits: Limits) -> PrefixRecord:
    plain = PLAIN.fullmatch(line)
    if plain:
        path, placeholder, mode = plain.groups()
    else:
        path, placeholder, mode = _literal(line)
    if mode not in (b"text", b"binary"):
        raise _unreadable()
    if not placeholder.startswith(b"/") or len(placeholder) < len(b"/x") or b"\0" in placeholder:
        raise refused("names a placeholder that is not an absolute path", path)
    return PrefixRecord(clean(path, limits), placeholder, mode == b"binary")


def _literal(line: bytes) -> tuple[bytes, bytes, bytes]:
    try:
        path, placeholder, mode = ast.literal_eval(line.rstrip(b",").decode())
        return os.fsencode(path), os.fsencode(placeholder), os.fsencode(mode)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise _unreadable() from None


def _unreadable() -> BadArchive:
    return BadArchive(
        "The archive's list of files to adapt cannot be read; rebuild the environment with conda-pack."
    )
