"""A package's description of itself: its place among others, its files, its commands."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from ...errors import BadArchive, UnsafeArchive, UnsuitableLockfile
from ..limits import Limits
from ..tree import clean, refused
from .locked import LockedPackage

_NAME = re.compile(r"[A-Za-z0-9_.+-]+")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_SCRIPT = re.compile(rb"^bin/\.[^/]+-(?:post|pre)-link\.sh$")
_SITE_PACKAGES = re.compile(r"lib/python\d+\.\d+t?/site-packages")


class PathEntry(NamedTuple):
    """A file of a package: where it goes in the prefix, and the placeholder in it if there is one.

    `packed` is its path inside the package. `fields` is what the package says of it.
    """

    packed: bytes
    path: bytes
    placeholder: bytes | None
    binary: bool
    fields: dict[str, Any]


@dataclass(frozen=True)
class EntryPoint:
    """A command of a noarch package: `module` and the `function` in it that it calls."""

    command: str
    module: str
    function: str


@dataclass(frozen=True)
class Description:
    """A package's own description; `entries` by their path inside the package."""

    index: dict[str, Any]
    entries: dict[bytes, PathEntry]
    entry_points: tuple[EntryPoint, ...]
    noarch_python: bool


def describe(
    package: LockedPackage, files: dict[bytes, bytes], site_packages: str | None, limits: Limits
) -> Description:
    """Return a package's description from its files; `site_packages` is where noarch packages of Python go.

    Raises BadArchive where it makes no sense or is another package's, UnsafeArchive for paths that lead out
    of the prefix, UnsuitableLockfile for a package that a script has to finish.
    """
    index = _read(package, files, b"info/index.json")
    for field in ("name", "version", "build"):
        if index.get(field) != getattr(package, field):
            raise BadArchive(
                f"The package says that its {field} is {index.get(field)!r}, which its file's is not."
            )
    if index.get("subdir") not in (None, package.subdir):
        raise BadArchive("The package is for another platform than its address says; it was refused.")
    noarch = index.get("noarch") == "python"
    paths = _read(package, files, b"info/paths.json").get("paths")
    if not isinstance(paths, list) or len(paths) > limits.files:
        raise BadArchive("The package's list of files cannot be read; it was refused.")
    entries: dict[bytes, PathEntry] = {}
    for row in paths:
        entry = listed_path(row, limits, site_packages, noarch=noarch)
        if entry.path.endswith(b"-link.sh") and _SCRIPT.match(entry.path):
            raise UnsuitableLockfile(
                f"{package.file} is finished by a script when it is installed, and scripts of packages are "
                "not run here; have conda-store build the environment."
            )
        entries[entry.packed] = entry
    points: tuple[EntryPoint, ...] = ()
    if noarch and b"info/link.json" in files:
        section = _read(package, files, b"info/link.json").get("noarch")
        listed = section.get("entry_points") if isinstance(section, dict) else None
        points = tuple(map(_entry_point, listed if isinstance(listed, list) else ()))
    return Description(index, entries, points, noarch)


def site_packages_of(python: LockedPackage | None) -> str | None:
    """Return where a Python has noarch packages, None without one; UnsuitableLockfile for an unknown kind."""
    if python is None:
        return None
    folder = python.site_packages
    major_minor = re.match(r"(3\.\d+)(?:\.|$|[a-z])", python.version)
    if folder is None and major_minor:
        free = "t" if re.search(r"_cp3\d+t$", python.build) else ""
        if not re.search(r"pypy|graalpy", python.build):
            folder = f"lib/python{major_minor[1]}{free}/site-packages"
    if folder is None or not _SITE_PACKAGES.fullmatch(folder):
        raise UnsuitableLockfile(
            f"{python.file} is a Python that is not known here; have conda-store build the environment."
        )
    return folder


def listed_path(
    row: Any, limits: Limits, site_packages: str | None = None, *, noarch: bool = False
) -> PathEntry:
    """Return a row of a list of files; `noarch` says that its paths are those of a package for every Python.

    Raises BadArchive and UnsafeArchive.
    """
    if not isinstance(row, dict) or not isinstance(row.get("_path"), str):
        raise BadArchive("The package's list of files cannot be read; it was refused.")
    packed = clean(row["_path"].encode("utf-8", "surrogateescape"), limits)
    path = packed
    if noarch:
        above, _, rest = packed.partition(b"/")
        if above == b"site-packages" and rest:
            if site_packages is None:
                raise UnsuitableLockfile("The lockfile has packages of Python, but no Python; lock again.")
            path = site_packages.encode() + b"/" + rest
        elif above == b"python-scripts" and rest:
            path = b"bin/" + rest
    if not path or path.startswith(b"conda-meta/") or path == b"conda-meta":
        raise refused("would write among conda's own records", packed)
    old = row.get("prefix_placeholder")
    placeholder = old.encode("utf-8", "surrogateescape") if isinstance(old, str) and old else None
    if placeholder is not None and (
        not placeholder.startswith(b"/") or len(placeholder) < len(b"/x") or b"\0" in placeholder
    ):
        raise refused("names a placeholder that is not an absolute path", packed)
    mode = row.get("file_mode", "text")
    if placeholder is not None and mode not in ("text", "binary"):
        raise BadArchive("The package's list of files cannot be read; it was refused.")
    return PathEntry(packed, path, placeholder, mode == "binary", row)


def _entry_point(text: Any) -> EntryPoint:
    command, _, target = text.partition("=") if isinstance(text, str) else ("", "", "")
    module, _, function = target.partition(":")
    entry_point = EntryPoint(command.strip(), module.strip(), function.partition("[")[0].strip())
    if (
        not _NAME.fullmatch(entry_point.command)
        or entry_point.command.strip(".") == ""
        or not _DOTTED.fullmatch(entry_point.module)
        or not _DOTTED.fullmatch(entry_point.function)
    ):
        raise UnsafeArchive("The package names a command that is not valid; it was refused.")
    return entry_point


def _read(package: LockedPackage, files: dict[bytes, bytes], path: bytes) -> dict[str, Any]:
    try:
        content = json.loads(files[path])
    except KeyError:
        raise BadArchive(
            f"{package.file} has no {path.decode()}, as in very old packages; have conda-store build "
            "the environment."
        ) from None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise BadArchive(f"The package's {path.decode()} cannot be read; it was refused.")
    return content
