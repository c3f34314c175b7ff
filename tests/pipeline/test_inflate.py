"""Inflating: every format comes out as it went in, or not at all."""

from __future__ import annotations

import gzip
import random
import sys
import zlib
from collections.abc import Callable, Iterator

import pytest

from conda_store_labext.errors import BadArchive, UnsafeArchive
from conda_store_labext.pipeline.inflate import IN, OUT, inflate
from conda_store_labext.pipeline.limits import Limits

from .archives import Reader, chunked, gz, member, tar, zst

PLAIN = tar(member("a", random.Random(1).randbytes(300_000) + bytes(2_000_000)), member("b", b"b"))
FORMATS: dict[str, Callable[[bytes], bytes]] = {"isal": gz, "zlib": gz, "zstd": zst, "tar": bytes}
# A bare tar is held together by the tar reader alone.
COMPRESSED = pytest.mark.parametrize("format_", [name for name in FORMATS if name != "tar"], indirect=True)


@pytest.fixture(params=FORMATS)
def format_(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way to inflate; without isal, zlib takes its place."""
    if request.param == "zlib":
        monkeypatch.setitem(sys.modules, "isal.igzip_lib", None)
    return str(request.param)


def inflated(chunks: Iterator[bytes], limits: Limits | None = None) -> bytes:
    return b"".join(inflate(Reader(chunks), limits or Limits()))


@pytest.mark.parametrize("size", [100, 65536, IN, 10**9])
def test_round_trip(format_: str, size: int) -> None:
    assert inflated(chunked(FORMATS[format_](PLAIN), size)) == PLAIN


def test_chunks_stay_small(format_: str) -> None:
    packed = FORMATS[format_](PLAIN)
    assert max(map(len, inflate(Reader(chunked(packed, IN)), Limits()))) <= OUT


def test_byte_by_byte(format_: str) -> None:
    small = tar(member("a", b"a"))
    assert inflated(chunked(FORMATS[format_](small), 1)) == small


@COMPRESSED
def test_several_members(format_: str) -> None:
    pack = FORMATS[format_]
    assert inflated(chunked(pack(PLAIN[:1000]) + pack(PLAIN[1000:]), 100)) == PLAIN


@COMPRESSED
def test_every_truncation_is_noticed(format_: str) -> None:
    packed = FORMATS[format_](PLAIN)
    for length in (1, 5, 300, len(packed) // 2, len(packed) - 8, len(packed) - 4, len(packed) - 1):
        with pytest.raises(BadArchive):
            inflated(chunked(packed[:length], 1000))


@COMPRESSED
@pytest.mark.parametrize("rest", [b"x", bytes(8), b"\x1f\x8b\x08garbage", b"\x28\xb5\x2f\xfdgarbage"])
def test_trailing_garbage(format_: str, rest: bytes) -> None:
    for size in (1000, 10**9):
        with pytest.raises(BadArchive, match="; try again"):
            inflated(chunked(FORMATS[format_](PLAIN) + rest, size))


@COMPRESSED
def test_every_flipped_bit_is_noticed(format_: str) -> None:
    packed, chance = FORMATS[format_](PLAIN), random.Random(2)
    for _ in range(60):
        at = chance.randrange(10, len(packed))
        flipped = bytearray(packed)
        flipped[at] ^= 1 << chance.randrange(8)
        try:
            assert inflated(chunked(bytes(flipped), 10_000)) == PLAIN
        except BadArchive:
            continue


def test_wrong_length_in_the_trailer(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = gz(PLAIN)
    for without in (False, True):
        if without:
            monkeypatch.setitem(sys.modules, "isal.igzip_lib", None)
        with pytest.raises(BadArchive, match="corrupt"):
            inflated(chunked(packed[:-4] + (1).to_bytes(4, "little"), 1000))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><title>Sign in</title>", "web page"),
        (b'\n {"status": "error"}', "web page"),
        (b"PK\x03\x04" + bytes(600), "not a conda-pack archive"),
        (bytes(600), "not a conda-pack archive"),
        (b"\x1f", "not a conda-pack archive"),
    ],
)
def test_what_is_no_archive_is_called_so(body: bytes, says: str) -> None:
    with pytest.raises(BadArchive, match=says):
        inflated(chunked(body, 10))


@COMPRESSED
def test_a_bomb_is_stopped_early(format_: str) -> None:
    bomb = FORMATS[format_](PLAIN[:512] + bytes(150_000_000))
    assert len(bomb) < 400_000
    with pytest.raises(UnsafeArchive, match="100 times its size"):
        drain(inflate(Reader(chunked(bomb, IN)), Limits()), 100_000_000)


def drain(chunks: Iterator[bytes], most: int) -> None:
    """Take all chunks, which have to be fewer than `most` bytes."""
    for chunk in chunks:
        most -= len(chunk)
        assert most > 0


def test_gzip_header_fields_are_passed_over() -> None:
    named = gzip.compress(PLAIN)
    header = b"\x1f\x8b\x08\x08" + named[4:10] + b"packed.tar\0"
    body = zlib.compressobj(6, zlib.DEFLATED, -15)
    raw = body.compress(PLAIN) + body.flush()
    assert inflated(chunked(header + raw + named[-8:], 100)) == PLAIN
