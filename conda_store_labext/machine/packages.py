"""The packages of an environment, read from their records: what pip and uv write, and what conda writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from ..models import Package, PackageManager
from ..store.files import read_small
from ..store.layout import children
from .prefixes import site_packages

MAX_RECORD = 16 * 1024 * 1024  # bytes
HEADER = re.compile(r"(Name|Version|Summary):[ \t]*(.*)")


def packages_of(prefix: Path) -> tuple[Package, ...]:
    """Return the packages of an environment, by name; a record that cannot be read is left out."""
    conda = list(_of_conda(prefix))
    names = {_normal(package.name) for package in conda}
    pip = [package for package in _of_pip(prefix) if _normal(package.name) not in names]
    return tuple(sorted([*conda, *pip], key=lambda package: _normal(package.name)))


def _of_conda(prefix: Path) -> Iterator[Package]:
    for file in sorted(children(prefix / "conda-meta")):
        if file.suffix != ".json":
            continue
        try:
            record = json.loads(read_small(file, MAX_RECORD))
            size = record.get("size")
            yield Package(
                str(record["name"]),
                str(record["version"]),
                str(record.get("build", "")),
                str(record.get("channel", "")).rstrip("/").rpartition("/")[2],
                "",
                size if isinstance(size, int) else None,
                PackageManager.CONDA,
            )
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            continue


def _of_pip(prefix: Path) -> Iterator[Package]:
    library = site_packages(prefix)
    for folder in children(library) if library else ():
        if not folder.name.endswith(".dist-info"):
            continue
        try:
            text = read_small(folder / "METADATA", MAX_RECORD).decode("utf-8", "replace")
            # what conda's packages bring says so itself
            if (folder / "INSTALLER").is_file() and read_small(folder / "INSTALLER", 100).strip() == b"conda":
                continue
        except OSError:
            continue
        header = text.partition("\n\n")[0].splitlines()
        said = {match[1]: match[2] for line in header if (match := HEADER.match(line))}
        if said.get("Name") and said.get("Version"):
            yield Package(
                *(said["Name"], said["Version"], "", "", said.get("Summary", ""), None), PackageManager.PIP
            )


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
