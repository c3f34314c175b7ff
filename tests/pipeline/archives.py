"""Archives for the tests: what conda-pack makes of a small prefix, what an attacker makes by hand."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import conda_pack
import zstandard

# as long as conda's own; conda-store pads to 255 characters
PLACEHOLDER = ("/opt/anaconda1anaconda2anaconda3" + "_placehold" * 30)[:255]
RECORDS = "\n_prefix_records = [\n{}\n]\n"
MTIME = 1_600_000_000


def make_prefix(folder: Path, filler: int = 0) -> Path:
    """Install one small package into `folder`/env as conda does, with `filler` bytes of noise in it."""
    package, prefix = folder / "pkgs" / "demo-1.0-0", folder / "env"
    old = PLACEHOLDER.encode()
    files: dict[str, tuple[bytes, str | None]] = {
        "bin/demo": (b"#!" + old + b"/bin/python -s\nprint('demo')\n", "text"),
        "bin/twice": (b"#!" + old + b"/bin/sh\nexec " + old + b"/bin/demo\n", "text"),
        "bin/python3-config": (b"#!/bin/sh\nprefix=" + old + b"\n", "text"),
        "etc/demo.conf": (b"root = " + old + b"\nlibs = " + old + b"/lib:" + old + b"/lib64\n", "text"),
        "lib/libdemo.so": (
            b"\x7fELF\0" + old + b"/lib:" + old + b"/etc\0\0tail\xff\0" + old + b"\0",
            "binary",
        ),
        "lib/python3.11/site-packages/demo.py": (b"ROOT = '" + old + b"'\n", "text"),
        "lib/python3.11/site-packages/other.py": (b"X = 1\n", None),
        "lib/python3.11/site-packages/n\xc3\xa4me with space.py".encode("latin-1").decode(): (b"", None),
        f"share/{'long' * 30}/{'name' * 30}.txt": (b"long\n" * 300, None),
        "share/noise.bin": (os.urandom(filler), None),
        "share/jupyter/kernels/demo/kernel.json": (
            json.dumps(
                {
                    "argv": [PLACEHOLDER + "/bin/demo", "{connection_file}"],
                    "display_name": "D",
                    "language": "demo",
                }
            ).encode(),
            "text",
        ),
    }
    paths = []
    for name, (data, mode) in files.items():
        for root, content in ((package, data), (prefix, data.replace(old, os.fsencode(prefix)))):
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            file.chmod(0o755 if name.startswith("bin/") else 0o664)
            os.utime(file, (MTIME, MTIME + 0.123456789))
        placeholder = {"prefix_placeholder": PLACEHOLDER, "file_mode": mode} if mode else {}
        paths.append({"_path": name, "path_type": "hardlink", **placeholder})
    for root in (package, prefix):
        (root / "lib" / "libdemo.so.1").symlink_to("libdemo.so")
        (root / "bin" / "link").symlink_to("../lib/libdemo.so.1")
    paths += [{"_path": name, "path_type": "softlink"} for name in ("lib/libdemo.so.1", "bin/link")]
    (package / "info").mkdir()
    (package / "info" / "paths.json").write_text(json.dumps({"paths": paths, "paths_version": 1}))
    (prefix / "conda-meta").mkdir()
    record = {
        "name": "demo",
        "version": "1.0",
        "url": "",
        "files": [path["_path"] for path in paths],
        "link": {"source": str(package), "type": 1},
    }
    (prefix / "conda-meta" / "demo-1.0-0.json").write_text(json.dumps(record))
    (prefix / "conda-meta" / "history").write_text("")
    (prefix / "unmanaged.txt").write_text(f"built at {prefix}\n")
    return prefix


def pack(folder: Path, kind: str = "tar.gz", filler: int = 0) -> bytes:
    """Return what the real conda-pack makes of `make_prefix`; `kind` is tar, tar.gz or tar.zst."""
    prefix = make_prefix(folder, filler)
    archive = folder / f"packed.{kind}"
    conda_pack.pack(prefix=str(prefix), output=str(archive), ignore_missing_files=True)
    return archive.read_bytes()


def member(name: str, data: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    """Return a tar member; `fields` are attributes of TarInfo."""
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(data), MTIME, 0o644
    for field, value in fields.items():
        setattr(info, field, value)
    return info, data


def script(*records: tuple[str, str, str]) -> tuple[tarfile.TarInfo, bytes]:
    """Return `bin/conda-unpack` with the given prefix records."""
    lines = ",\n".join(map(repr, records))
    return member("bin/conda-unpack", ("#!/usr/bin/env python" + RECORDS.format(lines)).encode(), mode=0o755)


def tar(*members: tuple[tarfile.TarInfo, bytes], dialect: int = tarfile.PAX_FORMAT) -> bytes:
    """Return a plain tar of the members."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=dialect) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def gz(data: bytes) -> bytes:
    """Compress as conda-pack does."""
    return gzip.compress(data, 4, mtime=0)


def zst(data: bytes) -> bytes:
    """Compress with zstd, checksum included."""
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def chunked(data: bytes, size: int) -> Iterator[bytes]:
    """Yield `data` in pieces of `size` bytes."""
    return (data[at : at + size] for at in range(0, len(data), size))


class Reader:
    """Gives one chunk a call, whatever the size asked for."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)

    def __call__(self, size: int) -> bytes:
        return next(self._chunks, b"")


def snapshot(root: Path) -> dict[str, tuple[int, str | bytes | None]]:
    """Return every path below `root` with its mode and its target, its contents, or None for a folder."""
    entries: dict[str, tuple[int, str | bytes | None]] = {}
    for path in root.rglob("*"):
        if path.is_symlink():
            entries[str(path.relative_to(root))] = (0, str(path.readlink()))
        else:
            entries[str(path.relative_to(root))] = (
                path.stat().st_mode & 0o777,
                path.read_bytes() if path.is_file() else None,
            )
    return entries
