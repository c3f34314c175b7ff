"""A compressed stream made plain: gzip (isal, else zlib), zstd or bare tar, known by their first bytes."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from ..errors import BadArchive, UnsafeArchive
from .limits import KIB, MIB, Limits

if TYPE_CHECKING:
    from zstandard import ZstdDecompressionObj

Read = Callable[[int], bytes]
"""Give up to so many bytes, none only at the end."""

IN = 256 * KIB
OUT = MIB  # each chunk costs the threads a turn at Python's lock, so not much smaller
GZIP = b"\x1f\x8b\x08"
ZSTD = b"\x28\xb5\x2f\xfd"
TAR_MAGIC = slice(257, 262)
ZSTD_STEP = 512  # bytes; a zstd block of 4 bytes may stand for 128 KiB, so this bounds one step to 16 MiB
ZSTD_WINDOW = 32 * MIB

CUT_SHORT = "The archive is cut short; try again, and rebuild the environment if that does not help."
_CORRUPT = "The archive is corrupt ({}); try again, and rebuild the environment if that does not help."
_TRAILING = "The archive goes on after its end; try again, and rebuild the environment if that does not help."


class Decompressor(Protocol):
    """A decompressor of one member, with the interface of `bz2.BZ2Decompressor`."""

    @property
    def eof(self) -> bool:
        """Tell whether the member's end, its checksum included, was reached."""

    @property
    def needs_input(self) -> bool:
        """Tell whether nothing more comes out without more going in."""

    @property
    def unused_data(self) -> bytes:
        """The bytes after the member's end."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return about `max_length` plain bytes at most."""


def inflate(read: Read, limits: Limits) -> Iterator[bytes]:
    """Yield the plain bytes of whatever `read` gives, checksums verified.

    Raises BadArchive for what is no archive, is corrupt, cut short or has something after its end, and
    UnsafeArchive for a stream that grows beyond `limits.ratio`.
    """
    counted = _Counted(read)
    head = counted.read(IN)
    while len(head) < TAR_MAGIC.stop and (more := counted.read(IN)):
        head += more
    if head.startswith(GZIP):
        chunks = _members(counted.read, head, _gzip())
    elif head.startswith(ZSTD):
        chunks = _members(counted.read, head, _zstd())
    elif head[TAR_MAGIC] == b"ustar":
        chunks = _plain(counted.read, head)
    else:
        raise BadArchive(_not_an_archive(head))
    plain = 0
    for chunk in chunks:
        plain += len(chunk)
        if plain > limits.ratio_from and plain > limits.ratio * counted.bytes:
            raise UnsafeArchive(
                f"The archive unpacks to more than {limits.ratio} times its size, as no environment does; "
                "it was refused: ask whoever built it."
            )
        yield chunk


class _Counted:
    def __init__(self, read: Read) -> None:
        self._read = read
        self.bytes = 0

    def read(self, size: int) -> bytes:
        data = self._read(size)
        self.bytes += len(data)
        return data


def _plain(read: Read, head: bytes) -> Iterator[bytes]:
    while head:
        yield head
        head = read(IN)


def _members(read: Read, data: bytes, codec: _Codec) -> Iterator[bytes]:
    while data:
        if not codec.magic.startswith(data[: len(codec.magic)]):
            raise BadArchive(_TRAILING)
        member = codec.new()
        while not member.eof:
            if member.needs_input and not data and not (data := read(IN)):
                raise BadArchive(CUT_SHORT)
            try:
                plain = member.decompress(data, OUT)
            except codec.error as error:
                raise BadArchive(_CORRUPT.format(error)) from None
            data = b""
            for at in range(0, len(plain), OUT):  # one step of zstd may give many times OUT
                yield plain[at : at + OUT]
        data = member.unused_data or read(IN)


class _Codec(NamedTuple):
    magic: bytes
    new: Callable[[], Decompressor]
    error: type[Exception]


def _gzip() -> _Codec:
    try:
        from isal.igzip_lib import DECOMP_GZIP, IgzipDecompressor, IsalError
    except ImportError:
        return _Codec(GZIP, _Zlib, zlib.error)
    # isal's stubs take the exception's class for an instance
    return _Codec(GZIP, lambda: IgzipDecompressor(flag=DECOMP_GZIP), cast("type[Exception]", IsalError))


def _zstd() -> _Codec:
    from zstandard import ZstdDecompressor, ZstdError

    new = ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj
    return _Codec(ZSTD, lambda: _Stepwise(new()), ZstdError)


def _not_an_archive(head: bytes) -> str:
    if not head:
        return "The archive is empty; rebuild the environment, then try again."
    if head.lstrip()[:1] in (b"<", b"{"):
        return (
            "The server sent a web page instead of the archive; "
            "a proxy or sign-in page may stand between: check the address, then try again."
        )
    return "What the server sent is not a conda-pack archive (tar, tar.gz, tar.zst); rebuild the environment."


class _Zlib:
    """zlib's own object in the shape of a Decompressor."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


class _Stepwise:
    """zstandard's object, which bounds no output by itself, fed in small steps."""

    def __init__(self, zstd: ZstdDecompressionObj) -> None:
        self._zstd = zstd
        self._waiting = b""
        self._done = 0

    @property
    def eof(self) -> bool:
        return self._zstd.eof

    @property
    def needs_input(self) -> bool:
        return self._done >= len(self._waiting)

    @property
    def unused_data(self) -> bytes:
        return self._zstd.unused_data + self._waiting[self._done :]

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if data:
            self._waiting, self._done = data, 0
        plain: list[bytes] = []
        while max_length > 0 and not self.needs_input and not self._zstd.eof:
            plain.append(self._zstd.decompress(self._waiting[self._done : self._done + ZSTD_STEP]))
            self._done += ZSTD_STEP
            max_length -= len(plain[-1])
        return b"".join(plain)
