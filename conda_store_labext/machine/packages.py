"""The packages of an environment, read from their records: what pip and uv write, and what conda writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..models import Package, PackageManager
from ..store.files import read_small
from ..store.layout import children
from .prefixes import site_packages

MAX_RECORD = 16 * 1024 * 1024  # bytes
HEADER = re.compile(r"(Name|Version|Summary):[ \t]*(.*)")


def packages_of(prefix: Path) -> tuple[Package, ...]:
    """Return the packages of an environment, by name; a record that cannot be read is left out."""
    packages: list[Package] = []
    brought: set[str] = set()
    for record in _conda_records(prefix):
        package = _conda_package(record)
        if package:
            packages.append(package)
            brought |= _records_in(record)
    names = {_normal(package.name) for package in packages}
    pip = _of_pip(prefix, brought)
    packages += [package for package in pip if _normal(package.name) not in names]
    return tuple(sorted(packages, key=lambda package: _normal(package.name)))


def requested(prefix: Path) -> tuple[str, ...]:
    """Return the names of the packages that somebody asked pip or uv for, as their REQUESTED files say."""
    library = site_packages(prefix)
    return tuple(
        sorted(
            folder.name.partition("-")[0]
            for folder in (children(library) if library else ())
            if folder.name.endswith(".dist-info") and (folder / "REQUESTED").is_file()
        )
    )


def _conda_records(prefix: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(children(prefix / "conda-meta")):
        if file.suffix == ".json":
            try:
                record = json.loads(read_small(file, MAX_RECORD))
            except (OSError, ValueError, RecursionError):
                continue
            if isinstance(record, dict):
                yield record


def _conda_package(record: dict[str, Any]) -> Package | None:
    name, version, size = record.get("name"), record.get("version"), record.get("size")
    if not isinstance(name, str) or not isinstance(version, str):
        return None
    channel = str(record.get("channel", "")).rstrip("/").rpartition("/")[2]
    build = str(record.get("build", ""))
    return Package(
        name, version, build, channel, "", size if isinstance(size, int) else None, PackageManager.CONDA
    )


def _records_in(record: dict[str, Any]) -> set[str]:
    """Return the names of the `.dist-info` folders that a conda package brings itself."""
    files = record.get("files")
    paths = (file for file in files if isinstance(file, str)) if isinstance(files, list) else ()
    return {path.split("/")[-2] for path in paths if path.endswith(".dist-info/METADATA")}


def _of_pip(prefix: Path, brought: set[str]) -> Iterator[Package]:
    library = site_packages(prefix)
    for folder in children(library) if library else ():
        if not folder.name.endswith(".dist-info") or folder.name in brought:
            continue
        try:
            text = read_small(folder / "METADATA", MAX_RECORD).decode("utf-8", "replace")
        except OSError:
            continue
        header = text.partition("\n\n")[0].splitlines()
        metadata = {match[1]: match[2] for line in header if (match := HEADER.match(line))}
        if metadata.get("Name") and metadata.get("Version"):
            yield Package(
                *(metadata["Name"], metadata["Version"], "", "", metadata.get("Summary", ""), None),
                PackageManager.PIP,
            )


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
