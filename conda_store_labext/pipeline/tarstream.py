"""A tar stream (ustar, pax, GNU long names) as members and the pieces of their contents."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from ..errors import BadArchive, UnsafeArchive
from .limits import Limits
from .tree import shown

BLOCK = 512
END = bytes(BLOCK)
FILE, HARDLINK, SYMLINK, FOLDER = b"0", b"1", b"2", b"5"
KINDS = {b"0": FILE, b"\0": FILE, b"7": FILE, HARDLINK: HARDLINK, SYMLINK: SYMLINK, FOLDER: FOLDER}
DEVICES = {b"3": "a character device", b"4": "a block device", b"6": "a named pipe"}
# name mode - - size mtime checksum type linkname magic+version - - - - prefix (POSIX.1-1988 ustar)
HEADER = struct.Struct("100s8s8x8x12s12s8sc100s8s32x32x8x8x155s12x")
CHECKSUM = slice(148, 156)
ADLER = 65521
NANO = 1_000_000_000
LATEST = 2**62  # nanoseconds; the year 2116, and still an int64

_CUT_SHORT = "The archive is cut short; try again, and rebuild the environment if that does not help."


def damaged(what: str) -> BadArchive:
    """Return the error for a tar stream that breaks its own rules."""
    return BadArchive(
        f"The archive is damaged ({what}); try again, and rebuild the environment if that does not help."
    )


class Member(NamedTuple):
    """What a header says: `path` and `link` as stored, `size` in bytes, `mtime` in nanoseconds."""

    path: bytes
    kind: bytes
    mode: int
    size: int
    mtime: int
    link: bytes


class TarStream:
    """Reads members one after the other; each one's contents come from `contents` before the next."""

    def __init__(self, chunks: Iterator[bytes], limits: Limits) -> None:
        self._chunks = chunks
        self._limits = limits
        self._chunk = memoryview(b"")
        self._at = 0

    def members(self) -> Iterator[Member]:
        """Yield every member up to the end mark; raise BadArchive unless all is as it should be."""
        pax: dict[bytes, bytes] = {}
        while (block := self._take(BLOCK)) != END:
            path, mode, size_, mtime, checksum, type_, link, magic, prefix = HEADER.unpack(block)
            # adler32's lower half is 1 + the sum of all bytes, many times faster than sum()
            total = (zlib.adler32(block) & 0xFFFF) - 1 - sum(block[CHECKSUM]) + 8 * 0x20
            if (total - _number(checksum)) % ADLER:
                raise damaged("a header's checksum is wrong")
            size = _number(size_)
            if type_ == b"x":
                pax.update(self._pax(size))
                continue
            if type_ == b"g":
                if not {b"path", b"linkpath", b"size"}.isdisjoint(self._pax(size)):
                    raise damaged("one name for all members")
                continue
            if type_ in (b"L", b"K"):
                pax[b"path" if type_ == b"L" else b"linkpath"] = self._text(size).rstrip(b"\0")
                continue
            kind = KINDS.get(type_)
            if kind is None:
                raise _refused(type_, path.rstrip(b"\0"))
            path, link = path.partition(b"\0")[0], link.partition(b"\0")[0]
            if prefix[0] and magic[:6] == b"ustar\0":
                path = prefix.partition(b"\0")[0] + b"/" + path
            seconds = _number(mtime) * NANO
            if pax:
                path, link = pax.get(b"path", path), pax.get(b"linkpath", link)
                size = _decimal(pax[b"size"]) if b"size" in pax else size
                seconds = _nanoseconds(pax[b"mtime"]) if b"mtime" in pax else seconds
                if any(key.startswith(b"GNU.sparse") for key in pax):
                    raise _refused(b"S", path)
                pax = {}
            yield Member(path, kind, _number(mode), size if kind == FILE else 0, min(seconds, LATEST), link)
        self._finish()

    def contents(self, size: int) -> Iterator[memoryview]:
        """Yield a file of `size` bytes in pieces as they lie in the chunks, then pass over its padding."""
        yield from self._pieces(size)
        if size % BLOCK:
            self._take(BLOCK - size % BLOCK)

    def _pieces(self, size: int) -> Iterator[memoryview]:
        while size:
            if self._at == len(self._chunk):
                chunk = next(self._chunks, None)
                if chunk is None:
                    raise BadArchive(_CUT_SHORT)
                self._chunk, self._at = memoryview(chunk), 0
            piece = self._chunk[self._at : self._at + size]
            self._at += len(piece)
            size -= len(piece)
            yield piece

    def _take(self, size: int) -> bytes:
        end = self._at + size
        if end <= len(self._chunk):
            data = bytes(self._chunk[self._at : end])
            self._at = end
            return data
        return b"".join(self._pieces(size))

    def _text(self, size: int) -> bytes:
        if size > self._limits.header:
            raise UnsafeArchive(
                "The archive holds an oversized header; it was refused: ask whoever built it."
            )
        text = self._take(size)
        self._take(-size % BLOCK)
        return text

    def _pax(self, size: int) -> dict[bytes, bytes]:
        text, at, found = self._text(size), 0, {}
        while at < len(text):
            space = text.find(b" ", at, at + 20)
            length = _decimal(text[at:space])
            key, equals, value = text[space + 1 : at + length - 1].partition(b"=")
            if space < 0 or not equals or text[at + length - 1 : at + length] != b"\n":
                raise damaged("an extended header is malformed")
            found[key] = value
            at += length
        return found

    def _finish(self) -> None:
        if self._take(BLOCK) != END:
            raise damaged("its end mark is incomplete")
        rest = self._chunk[self._at :]
        while True:
            if bytes(rest).strip(b"\0"):
                raise damaged("something follows its end mark")
            chunk = next(self._chunks, None)
            if chunk is None:
                return
            rest = memoryview(chunk)


def _number(field: bytes) -> int:
    digits = field.strip(b"\0 ")
    if digits.isdigit():  # int() alone would take signs and underscores
        try:
            return int(digits, 8)
        except ValueError:
            raise damaged("a header's number is malformed") from None
    if field[0] == 0x80:  # base-256, for what octal digits cannot hold
        return int.from_bytes(field[1:], "big")
    if digits:
        raise damaged("a header's number is malformed")
    return 0


def _decimal(text: bytes) -> int:
    if not text.isdigit() or len(text) > 18:
        raise damaged("an extended header's number is malformed")
    return int(text)


def _nanoseconds(text: bytes) -> int:
    if text.startswith(b"-"):  # before 1970: nothing that an environment's files need
        return 0
    seconds, _, fraction = text.partition(b".")
    return _decimal(seconds) * NANO + _decimal((fraction + b"000000000")[:9])


def _refused(type_: bytes, path: bytes) -> UnsafeArchive:
    what = DEVICES.get(type_, "a sparse file" if type_ == b"S" else "something that is no file")
    return UnsafeArchive(
        f"The archive holds {what} ({shown(path)}), as no environment does; "
        "it was refused: ask whoever built it."
    )
