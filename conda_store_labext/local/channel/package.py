"""A conda package: what it holds, and writing it as a `.conda` file.

The format: https://docs.conda.io/projects/conda-build/en/stable/resources/package-spec.html
"""

from __future__ import annotations

import hashlib
import io
import json
import posixpath
import tarfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conda_package_streaming.create import conda_builder

# What a prefix is called inside a package until it is installed, as long as conda-build makes it.
PLACEHOLDER = ("/opt/placehold" + "_placehold" * 30)[:255]
# Packages go no further than this machine's loopback: time to write them is what counts.
COMPRESSION_LEVEL = 3


@dataclass(frozen=True)
class Member:
    """One file of a package: its path in the prefix and its bytes, or the target of a symbolic link.

    `has_prefix` says that it is a text that holds `PLACEHOLDER`. `time` is in seconds since 1970.
    """

    path: str
    data: bytes = b""
    link: str | None = None
    executable: bool = False
    has_prefix: bool = False
    time: int = 1_577_836_800


@dataclass(frozen=True)
class Recipe:
    """A package's metadata."""

    name: str
    version: str
    build: str
    subdir: str
    depends: tuple[str, ...] = ()
    license: str = ""
    summary: str = ""
    timestamp: int = field(default_factory=lambda: int(time.time() * 1000))

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return f"{self.name}-{self.version}-{self.build}"

    def index(self) -> dict[str, Any]:
        """Return the package's `info/index.json`."""
        return {
            "name": self.name,
            "version": self.version,
            "build": self.build,
            "build_number": 0,
            "subdir": self.subdir,
            "depends": list(self.depends),
            "license": self.license,
            "timestamp": self.timestamp,
        }


def write_package(channel: Path, recipe: Recipe, members: Iterable[Member]) -> dict[str, Any]:
    """Write `channel/<subdir>/<stem>.conda` and return its repodata record, which names the file as `fn`."""
    folder = channel / recipe.subdir
    folder.mkdir(parents=True, exist_ok=True)
    contents = sorted(_without_doubles(members), key=lambda member: member.path)
    with conda_builder(recipe.stem, folder, compression_level=COMPRESSION_LEVEL) as archive:
        for member in (*contents, *_info(recipe, contents)):
            _add(archive, member)
    package = folder / f"{recipe.stem}.conda"
    data = package.read_bytes()
    hashes = {"md5": hashlib.md5(data).hexdigest(), "sha256": hashlib.sha256(data).hexdigest()}
    return {**recipe.index(), **hashes, "size": len(data), "fn": package.name}


def _without_doubles(members: Iterable[Member]) -> list[Member]:
    """Return the members with the last one of each path, as unpacking them in turn would leave."""
    return list({member.path: member for member in members}.values())


def _add(archive: tarfile.TarFile, member: Member) -> None:
    entry = tarfile.TarInfo(member.path)
    entry.mtime = member.time
    if member.link is not None:
        entry.type, entry.linkname, entry.mode = tarfile.SYMTYPE, member.link, 0o777
        archive.addfile(entry)
        return
    entry.size = len(member.data)
    entry.mode = 0o755 if member.executable else 0o644
    archive.addfile(entry, io.BytesIO(member.data))


def _info(recipe: Recipe, contents: list[Member]) -> list[Member]:
    by_path = {member.path: member for member in contents}
    paths = {"paths": [_path_entry(member, by_path) for member in contents], "paths_version": 1}
    about = {"summary": recipe.summary, "license": recipe.license}
    texts = {
        "info/index.json": json.dumps(recipe.index(), indent=1),
        "info/paths.json": json.dumps(paths, indent=1),
        "info/about.json": json.dumps(about, indent=1),
        "info/files": "".join(f"{member.path}\n" for member in contents),
    }
    return [Member(path, text.encode()) for path, text in texts.items()]


def _path_entry(member: Member, by_path: dict[str, Member]) -> dict[str, Any]:
    data = member.data
    if member.link is not None:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(member.path), member.link))
        data = by_path[target].data if target in by_path else b""
    entry = {
        "_path": member.path,
        "path_type": "hardlink" if member.link is None else "softlink",
        "sha256": hashlib.sha256(data).hexdigest(),
        "size_in_bytes": len(data),
    }
    if member.has_prefix:
        entry |= {"prefix_placeholder": PLACEHOLDER, "file_mode": "text"}
    return entry
