"""Conda packages made by hand, good and bad ones, and lockfiles that name them."""

from __future__ import annotations

import bz2
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zstandard

PLACEHOLDER = ("/opt/placehold" + "_placehold" * 30)[:255]
TIME = 1_600_000_000


@dataclass
class Made:
    """A package under construction; `files` by path: bytes, or a text that is a symlink's target.

    `paths` overrides or adds what `info/paths.json` says of a path; None leaves a path out of it.
    """

    name: str
    version: str = "1.0"
    build: str = "0"
    subdir: str = "noarch"
    files: dict[str, bytes | str] = field(default_factory=dict)
    paths: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    modes: dict[str, int] = field(default_factory=dict)
    depends: tuple[str, ...] = ()
    noarch: str | None = None
    entry_points: tuple[str, ...] = ()
    index: dict[str, Any] = field(default_factory=dict)
    members: list[tuple[tarfile.TarInfo, bytes]] = field(default_factory=list)  # put in as they are

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return f"{self.name}-{self.version}-{self.build}"

    def info(self) -> dict[str, bytes]:
        """Return what describes the package."""
        rows = []
        for path, data in self.files.items():
            entry: dict[str, Any] = {
                "_path": path,
                "path_type": "softlink" if isinstance(data, str) else "hardlink",
            }
            if isinstance(data, bytes):
                entry |= {"sha256": hashlib.sha256(data).hexdigest(), "size_in_bytes": len(data)}
                if PLACEHOLDER.encode() in data:
                    binary = "binary" if b"\0" in data else "text"
                    entry |= {"prefix_placeholder": PLACEHOLDER, "file_mode": binary}
            changes = self.paths.get(path, {})
            if changes is not None:
                rows.append({**entry, **changes})
        rows += [
            {"_path": path, **(changes or {})}
            for path, changes in self.paths.items()
            if path not in self.files
        ]
        index = {
            "name": self.name,
            "version": self.version,
            "build": self.build,
            "build_number": 0,
            "subdir": self.subdir,
            "depends": list(self.depends),
            **({"noarch": self.noarch} if self.noarch else {}),
            **self.index,
        }
        texts: dict[str, Any] = {"index": index, "paths": {"paths": rows, "paths_version": 1}}
        if self.entry_points:
            texts["link"] = {
                "noarch": {"type": "python", "entry_points": list(self.entry_points)},
                "package_metadata_version": 1,
            }
        return {f"info/{name}.json": json.dumps(text).encode() for name, text in texts.items()}

    def tar(self, contents: Mapping[str, bytes | str]) -> bytes:
        """Return a plain tar."""
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            for path, data in contents.items():
                entry = tarfile.TarInfo(path)
                entry.mtime, entry.mode = (
                    TIME,
                    self.modes.get(path, 0o755 if path.startswith("bin/") else 0o644),
                )
                if isinstance(data, str):
                    entry.type, entry.linkname = tarfile.SYMTYPE, data
                    archive.addfile(entry)
                else:
                    entry.size = len(data)
                    archive.addfile(entry, io.BytesIO(data))
            if contents is self.files:
                for entry, data in self.members:
                    archive.addfile(entry, io.BytesIO(data))
        return out.getvalue()

    def conda(self) -> bytes:
        """Return it as a `.conda` file."""
        return conda_file(self.stem, self.tar(self.files), self.tar(self.info()))

    def tar_bz2(self) -> bytes:
        """Return it as a `.tar.bz2` file, its description last."""
        return bz2.compress(self.tar({**self.files, **self.info()}))


def conda_file(stem: str, files: bytes, info: bytes, compression: int = zipfile.ZIP_STORED) -> bytes:
    """Return a `.conda` of two tars."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        # without times: the same package is the same file
        about = zipfile.ZipInfo("metadata.json")
        archive.writestr(about, '{"conda_pkg_format_version": 2}', compression)
        for part, tar in (("pkg", files), ("info", info)):
            entry = zipfile.ZipInfo(f"{part}-{stem}.tar.zst")
            archive.writestr(entry, zstandard.ZstdCompressor().compress(tar), compression)
    return out.getvalue()


def put(channel: Path, package: Made, ending: str = ".conda", data: bytes | None = None) -> str:
    """Put a package into a channel's folder; return its path there and its hash, `<path>#<sha256>`."""
    if data is None:
        data = package.conda() if ending == ".conda" else package.tar_bz2()
    file = channel / package.subdir / f"{package.stem}{ending}"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return f"{package.subdir}/{file.name}#{hashlib.sha256(data).hexdigest()}"


def explicit(url: str, *lines: str) -> str:
    """Return a list of package files below a channel's address; `lines` are what `put` returned."""
    return "\n".join(["# platform: any", "@EXPLICIT", *(f"{url}/{line}" for line in lines), ""])
