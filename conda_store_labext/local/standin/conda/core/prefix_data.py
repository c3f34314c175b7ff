"""Packages of a prefix, read from its `conda-meta`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Channel:
    """A channel by its address."""

    base_url: str

    @property
    def name(self) -> str:
        """The last part of the address, `conda-forge`."""
        return self.base_url.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class PrefixRecord:
    """One installed package, with the names that conda gives its properties."""

    name: str
    version: str
    build: str
    build_number: int
    subdir: str
    channel: Channel
    depends: tuple[str, ...]
    constrains: tuple[str, ...]
    license: str | None
    license_family: str | None
    size: int
    timestamp: int
    package_tarball_full_path: str
    extracted_package_dir: str


class PrefixData:
    """The packages of one prefix."""

    def __init__(self, prefix: str) -> None:
        self.prefix = Path(prefix)
        self._records: list[PrefixRecord] = []

    def load(self) -> None:
        """Read the records from disk."""
        paths = sorted(self.prefix.glob("conda-meta/*.json"))
        self._records = [_record(json.loads(path.read_bytes())) for path in paths]

    def iter_records(self) -> Iterator[PrefixRecord]:
        """Yield the records that were loaded, by name."""
        yield from self._records


def _record(meta: dict[str, Any]) -> PrefixRecord:
    timestamp = meta.get("timestamp")
    return PrefixRecord(
        name=meta["name"],
        version=meta["version"],
        build=meta["build"],
        build_number=meta["build_number"],
        subdir=meta["subdir"],
        channel=Channel(meta["url"].rsplit("/", 2)[0]),
        depends=tuple(meta.get("depends") or ()),
        constrains=tuple(meta.get("constrains") or ()),
        license=meta.get("license"),
        license_family=meta.get("license_family"),
        size=meta.get("size") or 0,
        timestamp=timestamp if isinstance(timestamp, int) else 0,
        package_tarball_full_path=meta.get("package_tarball_full_path") or "",
        extracted_package_dir=meta.get("extracted_package_dir") or "",
    )
