"""Explicit files: one package's address a line, with its md5 behind a `#`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import conda_package_handling.api
import rattler
import requests

from .base.context import context
from .common.path import strip_pkg_extension


def read(path: Path) -> list[rattler.RepoDataRecord]:
    """Return the packages that the file lists, fetched and unpacked where the cache lacks them."""
    return [_record(*entry) for entry in _entries(path)]


def _entries(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        url, _, md5 = line.strip().partition("#")
        if "://" in url:
            yield url, md5


def _record(url: str, md5: str) -> rattler.RepoDataRecord:
    archive = context.package_cache / url.rsplit("/", 1)[1]
    if not archive.exists():
        _fetch(url, archive)
    data = archive.read_bytes()
    digest = hashlib.md5(data).hexdigest()
    if md5 and digest != md5:
        raise ValueError(
            f"{archive} is not the package that the lock file means: its md5 is {digest}, not {md5}."
        )
    unpacked = Path(strip_pkg_extension(str(archive))[0])
    if not (unpacked / "info" / "index.json").exists():
        conda_package_handling.api.extract(str(archive), str(unpacked))
    package = rattler.PackageRecord.from_index_json(
        unpacked / "info" / "index.json", len(data), hashlib.sha256(data).hexdigest(), digest
    )
    return rattler.RepoDataRecord(package, archive.name, url, url.rsplit("/", 2)[0])


def _fetch(url: str, archive: Path) -> None:
    archive.parent.mkdir(parents=True, exist_ok=True)
    answer = requests.get(url, timeout=60)
    answer.raise_for_status()
    partial = archive.with_name(f"{archive.name}.partial")
    partial.write_bytes(answer.content)
    partial.replace(archive)
