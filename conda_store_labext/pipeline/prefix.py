"""The path that an environment was built for gives way to the one it will stand at; the kernels in it."""

from __future__ import annotations

import json
import logging
import os
import platform
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Any

from ..errors import PrefixTooLong, UnusableFolder
from ..store.files import read_small
from .limits import Limits
from .records import PrefixRecord, read_records
from .rewrite import replace_binary, replace_text
from .tree import Tree, refused

KERNELS = Path("share", "jupyter", "kernels")
PLACEHOLDERS = 8  # an environment has two: conda's own and the path it was built at
BREAKING = frozenset(" \"'`$\\;&|<>()*?[]{}:!")
MAX_SPEC = 1024 * 1024  # bytes
# Source: the traits of jupyter_client's KernelSpec.
_KINDS = {
    "display_name": str,
    "language": str,
    "interrupt_mode": str,
    "kernel_protocol_version": str,
    "mimetype": str,
    "env": dict,
    "metadata": dict,
}

log = logging.getLogger(__name__)
HEAD = 8192  # bytes at a file's beginning that tell a binary from a text


@dataclass(frozen=True)
class FoundKernel:
    """A kernelspec inside an environment: its folder's name, what its kernel.json says, and the folder."""

    name: str
    spec: dict[str, Any]
    resource_dir: Path


def fix_prefix(
    tree: Tree,
    final: Path,
    absolute_links: Iterable[tuple[bytes, bytes]],
    limits: Limits,
    report: Callable[[], None] = lambda: None,
    changes: Callable[[bytes], None] = lambda path: None,
) -> int:
    """Make an extracted environment fit for the path `final`; return how many files changed.

    Does what `conda-unpack` does, and makes the symlinks that led to an absolute path in the environment.
    Every changed file gets a new mtime, so that no .pyc made from the old text is believed. Raises
    PrefixTooLong, BadArchive, UnsafeArchive, and OSError for what the disk says. `report` is called
    after each record, `changes` with each file that changed.
    """
    records = read_records(tree, limits)
    new = os.fsencode(final)
    _require_shorter(records, final)
    _make_links(tree, absolute_links, records)
    changed = 0
    seen: set[tuple[int, bytes]] = set()
    for record in (*records, *_interpreters(tree, records, len(new))):
        binary = record.binary
        replaced = record.path in tree.replaced  # perhaps by what another record is about, or none
        if replaced and (tree.root / os.fsdecode(record.path)).is_symlink():
            continue
        fd = tree.open(record.path, os.O_RDWR)
        try:
            if replaced:
                binary = b"\0" in os.pread(fd, HEAD, 0)
            # a file with two names: its new prefix may begin with the old one
            once = (os.fstat(fd).st_ino, record.placeholder)
            replace = replace_binary if binary else replace_text
            if once not in seen and replace(fd, record.placeholder, new):
                changed += 1
                changes(record.path)
                if binary:
                    sign(tree.root / os.fsdecode(record.path))
            seen.add(once)
        finally:
            os.close(fd)
        report()
    return changed


def require_usable(prefix: Path) -> None:
    """Raise UnusableFolder for a path that programs cannot have in their first line or unquoted in a script.

    The kernel splits such a line at a space, R's own start script and many others do not quote it, and a
    colon separates the folders of PATH. Letters of every language do no harm.
    """
    broken = next((letter for letter in str(prefix) if letter in BREAKING or not letter.isprintable()), None)
    if broken:
        named = "a space" if broken == " " else f"the character {broken!r}"
        raise UnusableFolder(
            f"Environments do not work in {prefix.parent}, because the path has {named} in it; "
            "choose another folder with CONDA_STORE_LABEXT_FOLDER, then try again."
        )


def kernels(prefix: Path) -> list[FoundKernel]:
    """Return every kernelspec of an environment, by name; an odd one is left out and named in the log."""
    kernelspecs = []
    for file in sorted((prefix / KERNELS).glob("*/kernel.json")):
        try:
            spec = json.loads(read_small(file, MAX_SPEC))
            oddity = _oddity(spec)
        except (OSError, ValueError, RecursionError) as error:
            oddity = str(error) or type(error).__name__
        if oddity:
            log.warning("%s is left out: %s.", file, oddity)
        else:
            kernelspecs.append(FoundKernel(file.parent.name, spec, file.parent))
    return kernelspecs


def _oddity(spec: object) -> str | None:
    """Return what keeps jupyter_client from starting a kernel as a kernel.json says; None for a fit one."""
    if not isinstance(spec, dict):
        return "it is not a JSON object"
    argv = spec.get("argv")
    if not isinstance(argv, list) or not argv or not all(isinstance(part, str) for part in argv):
        return "argv must be a list of strings"
    for name, kind in _KINDS.items():
        if name in spec and not isinstance(spec[name], kind):
            return f"{name} must be {'an object' if kind is dict else 'a text'}"
    if not all(isinstance(value, str) for value in spec.get("env", {}).values()):
        return "env must map names to strings"
    if str(spec.get("interrupt_mode", "signal")).lower() not in ("signal", "message"):
        return "interrupt_mode must be signal or message"
    return None


def _require_shorter(records: Sequence[PrefixRecord], final: Path) -> None:
    """Only strings inside binaries have no room to grow; text may become longer."""
    room = min((len(record.placeholder) for record in records if record.binary), default=None)
    length = len(os.fsencode(final))
    if room is not None and length > room:
        raise PrefixTooLong(
            f"The path {final} has {length} bytes, but this environment was built for at most {room}; "
            "configure a folder with a shorter path, then try again."
        )


def _interpreters(tree: Tree, records: Sequence[PrefixRecord], room: int) -> Iterator[PrefixRecord]:
    """Yield records for `bin/python*`, which conda-pack leaves out: its script runs on one of them."""
    recorded = {record.path for record in records}
    usual = [old for old, _ in Counter(record.placeholder for record in records).most_common(PLACEHOLDERS)]
    for file in sorted((tree.root / "bin").glob("python*")):
        path = b"bin/" + os.fsencode(file.name)
        if path in recorded or not S_ISREG(file.lstat().st_mode):
            continue
        fd = tree.open(path, os.O_RDONLY)
        binary = b"\0" in os.read(fd, HEAD)
        os.close(fd)
        for old in usual:
            if len(old) >= room or not binary:
                yield PrefixRecord(path, old, binary)


def _make_links(tree: Tree, links: Iterable[tuple[bytes, bytes]], records: Sequence[PrefixRecord]) -> None:
    placeholders = {record.placeholder for record in records}
    for path, target in links:
        inside = next((old for old in placeholders if target == old or target.startswith(old + b"/")), None)
        rest = target[len(inside) :].strip(b"/") if inside else b""
        if inside is None or b".." in rest.split(b"/"):
            raise refused("holds a symlink that leads out of its folder", path)
        # relative, so that it is right in the staging folder and in the final one alike
        tree.symlink(path, b"../" * path.count(b"/") + rest or b".")


def sign(file: Path) -> None:
    """Renew the signature that arm64 macOS asks of every binary, as conda-unpack does."""
    if sys.platform == "darwin" and platform.machine() == "arm64":
        subprocess.run(["/usr/bin/codesign", "-s", "-", "-f", file], capture_output=True, check=False)
