"""An environment with many prefix records: a build's own libraries and texts, as conda packages hold them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import conda_pack

# as long as conda's own
PLACEHOLDER = ("/opt/anaconda1anaconda2anaconda3" + "_placehold" * 30)[:255]
LIBRARIES, TEXTS = 60, 110
LARGEST = 12_000_000  # bytes of a library
LEAST = 2_000  # bytes of any file


def packed(build: Path, folder: Path) -> Path:
    """Return a plain tar that conda-pack made of a build's files with placeholders in them, kept in `folder`.

    A library has two, as a linker leaves them, a text one on each thousandth line.
    """
    archive = folder / "records.tar"
    if not archive.exists():
        shutil.rmtree(folder, ignore_errors=True)
        prefix = folder / "env"
        _install(build, folder / "pkgs" / "records-1.0-0", prefix)
        making = folder / "making.tar"
        conda_pack.pack(prefix=str(prefix), output=str(making), ignore_missing_files=True)
        making.rename(archive)
        shutil.rmtree(folder / "pkgs")
        shutil.rmtree(prefix)
    return archive


def _install(build: Path, package: Path, prefix: Path) -> None:
    """Put one package into a package cache and into a prefix, as conda does."""
    paths = []
    for name, data, mode in _files(build):
        for root, content in ((package, data), (prefix, _installed(data, mode, os.fsencode(prefix)))):
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        paths.append(
            {"_path": name, "path_type": "hardlink", "prefix_placeholder": PLACEHOLDER, "file_mode": mode}
        )
    record = {
        "name": "records",
        "version": "1.0",
        "url": "",
        "files": [path["_path"] for path in paths],
        "link": {"source": str(package), "type": 1},
    }
    for file, text in (
        (package / "info" / "paths.json", json.dumps({"paths": paths, "paths_version": 1})),
        (prefix / "conda-meta" / "records-1.0-0.json", json.dumps(record)),
        (prefix / "conda-meta" / "history", ""),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def _files(build: Path) -> Iterator[tuple[str, bytes, str]]:
    placeholder = PLACEHOLDER.encode()
    for file in islice(_found(build, "*.so*"), LIBRARIES):
        data = bytearray(file.read_bytes())
        for at in (len(data) // 3, len(data) * 2 // 3):
            string = b"\0" + placeholder + b"/lib\0"
            data[at : at + len(string)] = string
        yield str(file.relative_to(build)), bytes(data), "binary"
    for file in islice(_found(build, "*.py"), TEXTS):
        lines = file.read_bytes().splitlines(keepends=True)
        for at in range(0, len(lines), 1000):
            lines[at] = b"# " + placeholder + b"/lib\n" + lines[at]
        yield str(file.relative_to(build)), b"".join(lines), "text"


def _found(build: Path, pattern: str) -> Iterator[Path]:
    """Yield plain files, the largest first."""
    files = {file: file.lstat().st_size for file in build.rglob(pattern) if not file.is_symlink()}
    fit = [file for file, size in files.items() if LEAST < size < LARGEST and file.is_file()]
    yield from sorted(fit, key=lambda file: -files[file])


def _installed(data: bytes, mode: str, prefix: bytes) -> bytes:
    placeholder = PLACEHOLDER.encode()
    if mode == "text":
        return data.replace(placeholder, prefix)
    parts = data.split(placeholder)
    pad = bytes(len(placeholder) - len(prefix))
    return parts[0] + b"".join(prefix + part.replace(b"\0", pad + b"\0", 1) for part in parts[1:])
