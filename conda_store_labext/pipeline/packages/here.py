"""Packages that are here already: unpacked in a copy, or whole in a cache of conda's or mamba's.

Nothing is believed of either: a file in a copy counts only if it has the contents that the package's own list
says, a file in a cache only if it has the lockfile's hash.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ...store.files import read_small
from .locked import LockedPackage

MAX_RECORD = 64_000_000  # bytes
_HOMES = ("miniconda3", "miniforge3", "mambaforge", "anaconda3", "micromamba")


def record_in(prefix: Path, package: LockedPackage) -> dict[str, Any] | None:
    """Return the record of just this package in an environment, None where it has another one or none."""
    try:
        record = json.loads(read_small(prefix / "conda-meta" / f"{package.stem}.json", MAX_RECORD))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or (record.get("noarch") == "generic" and package.subdir != "noarch"):
        return None
    if package.sha256 and record.get("sha256"):
        return record if record["sha256"] == package.sha256 else None
    return record if package.md5 and record.get("md5") == package.md5 else None


def copy_with(prefixes: Iterable[Path], package: LockedPackage) -> Path | None:
    """Return the first environment that has just this package, None where none has."""
    return next((prefix for prefix in prefixes if record_in(prefix, package)), None)


def in_caches(package: LockedPackage) -> Iterator[Path]:
    """Yield files of a package's name in the user's package caches; they are never written to."""
    for folder in package_caches():
        file = folder / package.file
        if file.is_file():
            yield file


def package_caches() -> tuple[Path, ...]:
    """Return the folders that are there in which conda, mamba and micromamba keep package files."""
    home = Path.home()
    listed = [Path(path) for path in os.environ.get("CONDA_PKGS_DIRS", "").split(os.pathsep) if path]
    listed += [
        Path(os.environ[name], "pkgs") for name in ("MAMBA_ROOT_PREFIX", "CONDA_ROOT") if os.environ.get(name)
    ]
    if os.environ.get("CONDA_EXE"):
        listed.append(Path(os.environ["CONDA_EXE"]).parents[1] / "pkgs")
    listed += [home / ".conda/pkgs", *(home / name / "pkgs" for name in _HOMES)]
    return tuple(dict.fromkeys(folder for folder in listed if folder.is_dir()))
