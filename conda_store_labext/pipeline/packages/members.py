"""The contents of a conda package: its own description, and its files as a tar stream.

A `.conda` is a zip of two tars in zstd, `pkg-*` for the files and `info-*` for what describes them; a
`.tar.bz2` is one tar of both. Source: conda's CEP on package formats.
"""

from __future__ import annotations

import bz2
import threading
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from ...errors import BadArchive, UnsafeArchive
from ..inflate import OUT
from ..limits import MIB, Limits
from ..queue import BoundedQueue
from ..tarstream import FILE, Member, TarStream

AHEAD = 3  # chunks of plain bytes that wait for being written
INFO = b"info/"
WINDOW = 128 * MIB  # what zstd's highest levels need
DESCRIPTION = 256 * MIB  # bytes that a package's description may have, licences and recipes included
READ = (b"info/index.json", b"info/paths.json", b"info/link.json")


class PackageReader:
    """Reads one package file; raises BadArchive for a damaged one, UnsafeArchive for a trap, OSError."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits

    def description(self) -> dict[bytes, bytes]:
        """Return the files of READ that the package has, by their paths."""
        files: dict[bytes, bytes] = {}
        total = 0
        with self._chunks("info-") as chunks:
            stream = TarStream(chunks, self._limits)
            for member in stream.members():
                total += member.size
                if total > DESCRIPTION and self._path.suffix == ".conda":
                    raise UnsafeArchive("The package's description has no end; it was refused.")
                name = member.path.removeprefix(b"./")
                if name in READ and member.kind is FILE:
                    if member.size > self._limits.records:
                        raise UnsafeArchive("The package's description is oversized; it was refused.")
                    files[name] = b"".join(map(bytes, stream.contents(member.size)))
                else:
                    for _ in stream.contents(member.size):
                        pass
        return files

    @contextmanager
    def files(self) -> Iterator[tuple[TarStream, Iterator[Member]]]:
        """Give the tar stream of the package's files, and its members without those that describe it.

        The contents of each member are to be taken from the stream, or passed over, before the next one.
        Another thread unpacks meanwhile.
        """
        with self._chunks("pkg-") as chunks, closing(_from_thread(chunks)) as handed:
            stream = TarStream(handed, self._limits)
            yield stream, self._members(stream)

    def _members(self, stream: TarStream) -> Iterator[Member]:
        for member in stream.members():
            path = member.path.removeprefix(b"./")
            if path.startswith(INFO) or path == b"info":
                for _ in stream.contents(member.size):
                    pass
            else:
                yield member

    @contextmanager
    def _chunks(self, part: str) -> Iterator[Iterator[bytes]]:
        if self._path.suffix != ".conda":
            with self._path.open("rb") as file:
                yield self._bounded(_bz2(file))
            return
        try:
            with (
                zipfile.ZipFile(self._path) as archive,
                archive.open(_inner(archive, part)) as inner,
                closing(_zstd(inner)) as plain,
            ):
                yield self._bounded(plain)
        except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
            raise BadArchive(f"The package is damaged ({error}); it was refused.") from None

    def _bounded(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Pass on what a package unpacks to, as long as that is not absurd beside its size."""
        packed, plain = self._path.stat().st_size, 0
        for chunk in chunks:
            plain += len(chunk)
            if plain > self._limits.ratio_from and plain > self._limits.ratio * packed:
                raise UnsafeArchive(
                    f"The package unpacks to more than {self._limits.ratio} times its size; it was refused."
                )
            yield chunk


def _from_thread(chunks: Iterator[bytes]) -> Generator[bytes, None, None]:
    """Yield chunks that another thread makes; it has ended when this does."""
    queue = BoundedQueue(AHEAD)
    thread = threading.Thread(target=queue.put_all, args=(chunks,), daemon=True)
    thread.start()
    try:
        yield from queue.get()
    finally:
        queue.stop()
        thread.join()


def _inner(archive: zipfile.ZipFile, part: str) -> zipfile.ZipInfo:
    entries = [
        entry
        for entry in archive.infolist()
        if entry.filename.startswith(part) and entry.filename.endswith(".tar.zst")
    ]
    if len(entries) != 1 or "/" in entries[0].filename:
        raise BadArchive(
            f"The package holds {len(entries)} archives of the kind {part}*.tar.zst; it was refused."
        )
    if entries[0].compress_type != zipfile.ZIP_STORED or entries[0].flag_bits & 1:
        raise UnsafeArchive("The package's parts are compressed or encrypted once more; it was refused.")
    return entries[0]


def _zstd(file: object) -> Generator[bytes, None, None]:
    from zstandard import ZstdDecompressor, ZstdError

    reader = ZstdDecompressor(max_window_size=WINDOW).stream_reader(
        file,  # type: ignore[arg-type]  # whatever reads
        read_size=MIB,
        read_across_frames=True,
    )
    try:
        while chunk := reader.read(OUT):
            yield chunk
    except ZstdError as error:
        raise BadArchive(f"The package is corrupt ({error}); it was refused.") from None


def _bz2(file: BinaryIO) -> Iterator[bytes]:
    member = bz2.BZ2Decompressor()
    data = file.read(MIB)
    while data or not member.needs_input:
        try:
            plain = member.decompress(data, OUT)
            data = b""
            if member.eof:
                data, member = member.unused_data or file.read(MIB), bz2.BZ2Decompressor()
            elif member.needs_input:
                data = file.read(MIB)
        except (OSError, EOFError) as error:
            raise BadArchive(f"The package is corrupt ({error}); it was refused.") from None
        if plain:
            yield plain
