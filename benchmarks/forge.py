"""A local channel made what conda-forge serves: noarch packages without byte code, packed with zstd 19."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import zstandard

from conda_store_labext.local.channel.repodata import write_index
from conda_store_labext.local.channel_choice import CHANNEL, choose, local_key
from conda_store_labext.local.settings import LocalSettings
from conda_store_labext.models.platform import NOARCH, this_platform

LEVEL = 19
SITE_PACKAGES = re.compile(r"lib/python3\.\d+/site-packages/")
COMMAND = re.compile(
    rb"#![^\n]*\nimport sys\nfrom (\S+) import \S+\n"
    rb"if __name__ == \"__main__\":\n    sys\.exit\((\S+)\(\)\)\n"
)
NEVER = ("lib/", "include/")  # what a noarch package has below site-packages only

Contents = dict[str, tuple[tarfile.TarInfo, bytes]]


def channel(folder: Path, packages: tuple[str, ...], level: int = LEVEL) -> Path:
    """Return the channel of a benchmark's folder, made now with its packages unless it is there."""
    key = local_key(packages)
    target = folder / "channels" / key
    if not target.is_dir():
        made = choose(
            LocalSettings("local", packages), folder / "plain", lambda step, progress: None, lambda note: None
        )
        assert made.folder is not None
        staged = folder / "channels" / f".{key}"
        convert(made.folder / CHANNEL, staged / CHANNEL, level)
        shutil.copy(made.folder / "made.json", staged)
        staged.rename(target)
    return target / CHANNEL


def convert(channel: Path, target: Path, level: int = LEVEL) -> None:
    """Write every package of a channel to another one, and its index."""
    files = sorted(channel.glob("*/*.conda"), key=lambda file: -file.stat().st_size)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(converted, file, target, level) for file in files]
        records = [job.result() for job in jobs]
    write_index(target, (this_platform(), NOARCH), records)


def converted(file: Path, target: Path, level: int) -> dict[str, Any]:
    """Write one package, for every Python if it is fit for that; return its record of the index."""
    with zipfile.ZipFile(file) as archive:
        parts = {entry.split("-")[0]: archive.read(entry) for entry in archive.namelist() if "-" in entry}
    contents, info = _read(parts["pkg"]), _read(parts["info"])
    index = json.loads(info["info/index.json"][1])
    rows = {row["_path"]: row for row in json.loads(info["info/paths.json"][1])["paths"]}
    link: dict[str, Any] | None = None
    if index["name"] != "python" and _pure(contents):
        commands = dict(_commands(contents))
        contents = {
            _moved(path): entry
            for path, entry in contents.items()
            if path not in commands and "__pycache__/" not in path
        }
        rows = {
            _moved(path): {**row, "_path": _moved(path)}
            for path, row in rows.items()
            if _moved(path) in contents
        }
        index |= {"noarch": "python", "subdir": NOARCH, "build": "pyh0_0"}
        link = {"noarch": {"type": "python", "entry_points": list(commands.values())}}
    texts: dict[str, Any] = {
        "index": index,
        "paths": {"paths": list(rows.values()), "paths_version": 1},
        "about": json.loads(info["info/about.json"][1]),
        **({"link": {**link, "package_metadata_version": 1}} if link else {}),
    }
    stem = f"{index['name']}-{index['version']}-{index['build']}"
    described = {f"info/{name}.json": json.dumps(text).encode() for name, text in texts.items()}
    data = _packed(
        stem, _tar(contents), _tar({path: (_entry(path), text) for path, text in described.items()}), level
    )
    (target / index["subdir"]).mkdir(parents=True, exist_ok=True)
    (target / index["subdir"] / f"{stem}.conda").write_bytes(data)
    hashes = {"md5": hashlib.md5(data).hexdigest(), "sha256": hashlib.sha256(data).hexdigest()}
    return {**index, **hashes, "size": len(data), "fn": f"{stem}.conda"}


def _pure(contents: Contents) -> bool:
    """Tell whether nothing in a package is for one kind of machine or Python."""
    for path, (_, data) in contents.items():
        inside = SITE_PACKAGES.match(path)
        if data.startswith((b"\x7fELF", b"!<arch>")) or (path.startswith(NEVER) and not inside):
            return False
    return True


def _moved(path: str) -> str:
    path = SITE_PACKAGES.sub("site-packages/", path)
    return f"python-scripts/{path.removeprefix('bin/')}" if path.startswith("bin/") else path


def _commands(contents: Contents) -> Iterator[tuple[str, str]]:
    for path, (_, data) in contents.items():
        command = COMMAND.fullmatch(data) if path.startswith("bin/") else None
        if command:
            yield path, f"{path.removeprefix('bin/')} = {command[1].decode()}:{command[2].decode()}"


def _read(packed: bytes) -> Contents:
    plain = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True).read()
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        return {
            entry.name: (
                entry,
                b"" if (file := archive.extractfile(entry)) is None or entry.issym() else file.read(),
            )
            for entry in archive.getmembers()
            if not entry.isdir()
        }


def _entry(path: str) -> tarfile.TarInfo:
    return tarfile.TarInfo(path)


def _tar(contents: Contents) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path, (entry, data) in sorted(contents.items()):
            entry.name, entry.size, entry.pax_headers = path, len(data), {}
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def _packed(stem: str, files: bytes, info: bytes, level: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("metadata.json", '{"conda_pkg_format_version": 2}')
        for part, tar in (("pkg", files), ("info", info)):
            compressor = zstandard.ZstdCompressor(level=level)
            archive.writestr(f"{part}-{stem}.tar.zst", compressor.compress(tar))
    return out.getvalue()
