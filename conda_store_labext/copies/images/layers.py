"""Layers of an image: which packages share one, and the archive of each, equal for equal files."""

from __future__ import annotations

import gzip
import hashlib
import tarfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO

from .content import PREFIX, TIME, Member

LARGE = 2_000_000  # bytes from which a package has a layer of its own
MOST_LARGE = (
    48  # layers of one package; engines take 127 in all, of the base and of what is built upon it too
)
SHARED = 16  # layers for the small packages, each in the one that its name leads to
LINKED = 65_536  # bytes from which two files with the same content are stored once
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"


@dataclass(frozen=True)
class Blob:
    """A blob of an image: `content` is where its bytes are, or the bytes."""

    media_type: str
    digest: str
    size: int
    content: Path | bytes

    def open(self) -> BinaryIO:
        """Open it for reading."""
        return BytesIO(self.content) if isinstance(self.content, bytes) else self.content.open("rb")

    @property
    def descriptor(self) -> dict[str, object]:
        """The blob as manifests name it."""
        return {"mediaType": self.media_type, "digest": self.digest, "size": self.size}

    @classmethod
    def of(cls, media_type: str, data: bytes) -> Blob:
        """Return the blob of some bytes."""
        return cls(media_type, f"sha256:{hashlib.sha256(data).hexdigest()}", len(data), data)


@dataclass(frozen=True)
class Layer:
    """A layer: its blob, the digest of the archive in it, and what it is called in the image's history."""

    blob: Blob
    diff_id: str
    name: str


def grouped(members: Iterable[Member]) -> dict[str, list[Member]]:
    """Return the members of each layer by its name, in the order of the layers.

    Which layer a package is in follows from its name and size, hardly ever from what else there is.
    """
    packages: dict[str, list[Member]] = {}
    for member in members:
        packages.setdefault(member.package, []).append(member)
    rest = packages.pop("", [])
    sizes = {name: sum(member.size for member in held) for name, held in packages.items()}
    large = sorted((name for name in sizes if sizes[name] >= LARGE), key=lambda name: (-sizes[name], name))
    own = set(large[:MOST_LARGE])
    shared: dict[str, list[Member]] = {}
    for name in packages.keys() - own:
        shared.setdefault(f"packages {_bucket(name):02}", []).extend(packages[name])
    return {
        **{name: packages[name] for name in sorted(own)},
        **{name: shared[name] for name in sorted(shared)},
        **({"other files": rest} if rest else {}),
    }


def write_layer(name: str, members: Sequence[Member], folder: Path) -> Layer:
    """Write the archive of some files into a folder, under its digest, and return the layer."""
    staged = folder / "staged"
    with ExitStack() as stack:
        compressed = stack.enter_context(_Hashed(staged))
        zipped = stack.enter_context(gzip.GzipFile("", "wb", compresslevel=6, fileobj=compressed, mtime=0))
        plain = _Hashing(zipped)
        with tarfile.open(fileobj=plain, mode="w|", format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]
            _add_all(archive, sorted(members, key=lambda member: member.path))
    digest = compressed.digest.hexdigest()
    staged.replace(folder / digest)
    blob = Blob(LAYER_TYPE, f"sha256:{digest}", compressed.size, folder / digest)
    return Layer(blob, f"sha256:{plain.digest.hexdigest()}", name)


def _add_all(archive: tarfile.TarFile, members: Sequence[Member]) -> None:
    folders: set[str] = set()
    stored: dict[tuple[str, bool], str] = {}
    for member in members:
        for folder in _above(member.path):
            if folder not in folders:
                folders.add(folder)
                archive.addfile(_info(folder, tarfile.DIRTYPE, 0o755))
        if member.target:
            info = _info(member.path, tarfile.SYMTYPE, 0o777)
            info.linkname = member.target
            archive.addfile(info)
            continue
        info = _info(member.path, tarfile.REGTYPE, 0o755 if member.executable else 0o644)
        info.size = member.size
        content = BytesIO(member.data) if member.data is not None else None
        with content or _opened(member) as file:
            if info.size >= LINKED:
                same = (_digest(file), member.executable)
                if same in stored:
                    info.type, info.linkname, info.size = tarfile.LNKTYPE, stored[same], 0
                    archive.addfile(info)
                    continue
                stored[same] = info.name
            archive.addfile(info, file)


def _info(path: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(f"{PREFIX[1:]}/{path}" if path else PREFIX[1:])
    info.type, info.mode, info.mtime = kind, mode, TIME
    return info


def _above(path: str) -> list[str]:
    """Return the folders of a path from the environment's own on."""
    parts = path.split("/")[:-1]
    return ["", *("/".join(parts[: number + 1]) for number in range(len(parts)))]


def _opened(member: Member) -> BinaryIO:
    assert member.source is not None
    return member.source.open("rb")


def _digest(file: BinaryIO) -> str:
    """Return the digest of a file that is open at its beginning, where it is left."""
    digest = hashlib.sha256()
    while data := file.read(1 << 20):
        digest.update(data)
    file.seek(0)
    return digest.hexdigest()


def _bucket(name: str) -> int:
    return hashlib.sha256(name.encode()).digest()[0] % SHARED


class _Hashing:
    """A file for writing that knows the digest and the number of the bytes that went through it."""

    def __init__(self, sink: IO[bytes] | gzip.GzipFile) -> None:
        self._sink = sink
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Write some bytes."""
        self.digest.update(data)
        self.size += len(data)
        return self._sink.write(data)

    def flush(self) -> None:
        """Pass on what is buffered."""
        self._sink.flush()


class _Hashed(_Hashing):
    """Likewise with a file of its own, which is closed at the end."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        super().__init__(self._file)

    def __enter__(self) -> _Hashed:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()
