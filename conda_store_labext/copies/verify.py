"""A check whether files of an environment are still as built, by conda's and the copy's records.

`conda-meta/*.json` names every file of a package with the sha256 it had when it was packed. Where the path of
the environment stands in a file, it is put back to what stood there then, and that is what is compared. What
pip replaced during the build, or no package brought, is compared with what the copy was published with.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from stat import S_ISLNK, S_ISREG
from typing import Any, BinaryIO

from ..errors import CondaStoreLabError, NotFound
from ..pipeline.checksums import Sum, read_checksums, sum_of
from ..pipeline.limits import MIB, Limits
from ..pipeline.records import read_records
from ..pipeline.rewrite import ENV_SHEBANG, restored_binary
from ..pipeline.tree import Tree
from ..store.layout import checksums_of

CHANGED, MISSING, UNCHECKED = "changed", "missing", "unchecked"


@dataclass(frozen=True)
class Verification:
    """Result of checking a copy: the number of unchanged files, and the names of the others.

    Paths are relative to the environment. `unchecked` are those whose records do not tell: no checksum, or
    one of a text that cannot be put back together. Files that came after the build are not looked at.
    """

    verified: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    unchecked: tuple[str, ...]


def verify(prefix: Path) -> Verification:
    """Check every file that was in the environment in `prefix` when it was built; NotFound without records.

    A copy that has no checksums of its own, as one in place, is checked as far as its packages' records go,
    with what pip installed over them by pip's.
    """
    records = sorted((prefix / "conda-meta").glob("*.json"))
    if not records:
        raise NotFound(f"{prefix} holds no conda-meta, so nothing tells what its files should be.")
    paths = [entry for record in records for entry in _entries(record)]
    # Python makes the .pyc of a text anew if that was rewritten
    rewritten = {entry["_path"] for entry in paths if entry.get("prefix_placeholder")}
    built_at = _placeholders(prefix)
    by_state: dict[str, list[str]] = {CHANGED: [], MISSING: [], UNCHECKED: []}
    verified = 0
    built = read_checksums(checksums_of(prefix))
    by_pip = {} if built else dict(_of_pip(prefix))
    listed = {os.fsencode(entry["_path"]) for entry in paths}
    paths += [{"_path": os.fsdecode(path)} for path in built if path not in listed]
    for entry in paths:
        path = os.fsencode(entry["_path"])
        if path in built:
            state = _as_built(prefix / entry["_path"], built[path])
        else:
            state = _state(prefix, entry, built_at)
            if state == MISSING and built:  # what was not in the archive cannot have gone
                continue
            if state == CHANGED and entry["_path"] in by_pip:
                state = None if _digest(prefix / entry["_path"]) == by_pip[entry["_path"]] else CHANGED
        if state == CHANGED and _source(entry["_path"]) in rewritten:
            state = UNCHECKED
        if state is None:
            verified += 1
        else:
            by_state[state].append(entry["_path"])
    return Verification(
        verified,
        *(tuple(sorted(set(by_state[state]))) for state in (CHANGED, MISSING, UNCHECKED)),
    )


def _entries(record: Path) -> Iterator[dict[str, Any]]:
    try:
        read = json.loads(record.read_text("utf-8"))
        yield from (entry for entry in read["paths_data"]["paths"] if isinstance(entry["_path"], str))
    except (OSError, ValueError, KeyError, TypeError):
        # a record that cannot be read is itself what was changed
        yield {"_path": f"conda-meta/{record.name}", "sha256": ""}


def _as_built(file: Path, was: Sum) -> str | None:
    """Return what is wrong with a path that the copy was published with, None if nothing."""
    try:
        status = file.lstat()
    except OSError:
        return UNCHECKED if file.suffix == ".pyc" else MISSING
    try:
        if S_ISLNK(status.st_mode):
            return None if sum_of(BytesIO(os.fsencode(file.readlink()))) == was else CHANGED
        if not S_ISREG(status.st_mode) or status.st_size != was[0]:
            return CHANGED
        with _opened(file) as data:
            return None if sum_of(data) == was else CHANGED
    except OSError:
        return UNCHECKED


def _of_pip(prefix: Path) -> Iterator[tuple[str, str]]:
    """Yield path and sha256 of the files that pip installed, as it wrote them down."""
    for record in prefix.glob("lib/python3*/site-packages/*.dist-info/RECORD"):
        site = record.parents[1]
        with suppress(OSError, ValueError), record.open(encoding="utf-8", newline="") as rows:
            for row in csv.reader(rows):
                kind, _, digest = row[1].partition("=") if len(row) > 1 else ("", "", "")
                path = os.path.relpath(site / row[0], prefix) if kind == "sha256" else ""
                if path:
                    yield path, base64.urlsafe_b64decode(digest + "==").hex()


def _placeholders(prefix: Path) -> list[bytes]:
    """Return the paths that stood in the environment's files before, the one it was built at among them."""
    with Tree(prefix) as tree:
        try:
            records = read_records(tree, Limits())
        except CondaStoreLabError:  # used in place, or its list was changed
            return []
    return list(dict.fromkeys(record.placeholder for record in records))


def _state(prefix: Path, entry: dict[str, Any], built_at: Sequence[bytes]) -> str | None:
    """Return what is wrong with one path, None if nothing."""
    file = prefix / entry["_path"]
    try:
        status = file.lstat()
    except OSError:
        # conda lists what it compiles, and Python removes none of it: but nothing is lost without it
        return UNCHECKED if file.suffix == ".pyc" else MISSING
    if entry.get("path_type") == "softlink":
        # what it leads to has a record of its own
        return None if S_ISLNK(status.st_mode) and file.exists() else CHANGED
    wanted = {entry[name] for name in ("sha256", "sha256_in_prefix") if entry.get(name)}
    if not wanted:
        return UNCHECKED if "sha256" not in entry else CHANGED
    if not S_ISREG(status.st_mode):
        return CHANGED
    try:
        if _digest(file) in wanted:
            return None
        old = entry.get("prefix_placeholder")
        if not old and entry.get("path_type") != "unix_python_entry_point":
            return CHANGED
        texts = _originals(file, prefix, [os.fsencode(old)] if old else built_at, entry)
        return None if any(hashlib.sha256(text).hexdigest() in wanted for text in texts) else CHANGED
    except OSError:
        return UNCHECKED


def _originals(
    file: Path, prefix: Path, placeholders: Sequence[bytes], entry: dict[str, Any]
) -> Iterator[bytes]:
    """Yield what may have stood in a file before paths in it were replaced."""
    with _opened(file) as opened:
        data, here = opened.read(), os.fsencode(prefix)
    shebang = ENV_SHEBANG.match(data)
    for old in placeholders:
        if entry.get("file_mode") == "binary":
            yield restored_binary(data, here, old)
            continue
        text = data.replace(here, old)
        yield text
        if shebang:
            yield b"#!" + old + b"/bin/" + shebang[1] + text[shebang.end() :]


def _opened(file: Path) -> BinaryIO:
    """Open a file without its counting as a use of the environment, if it is ours."""
    flags = os.O_RDONLY | os.O_CLOEXEC
    try:
        return os.fdopen(os.open(file, flags | getattr(os, "O_NOATIME", 0)), "rb")
    except PermissionError:
        return os.fdopen(os.open(file, flags), "rb")


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with _opened(file) as data:
        while chunk := data.read(MIB):
            digest.update(chunk)
    return digest.hexdigest()


def _source(path: str) -> str | None:
    """Return the path of the text that a .pyc was made of."""
    folder, _, name = path.rpartition("/__pycache__/")
    return f"{folder}/{name.partition('.')[0]}.py" if folder and name.endswith(".pyc") else None
