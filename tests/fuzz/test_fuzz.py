"""Nothing leaves its folder and nothing but a known error comes out, whatever the bytes."""

from __future__ import annotations

import io
import os
import resource
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from conda_store_labext.errors import CondaStoreLabError
from conda_store_labext.errors.os_errors import os_errors_explained
from conda_store_labext.pipeline.archive import extract
from conda_store_labext.pipeline.inflate import inflate
from conda_store_labext.pipeline.limits import KIB, MIB, Limits
from conda_store_labext.pipeline.prefix import fix_prefix
from conda_store_labext.pipeline.tree import Tree
from tests.pipeline.archives import chunked, gz, member, tar, zst

from .mutations import FUZZ, GOOD, MEMBERS, archives, scripts

LIMITS = Limits(spare=0, files=1000, unpacked=8 * MIB, ratio_from=MIB)
SECONDS = 5.0  # of processor time, for some kilobytes
GROWTH = 32 * KIB  # in KiB, for one example
CANARY = b"/old/prefix\0canary"


def most_memory() -> int:
    """Return the most memory that this process ever had, in KiB; hypothesis itself adds to it slowly."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def unpacked(chunks: Iterator[bytes]) -> None:
    """Make an environment of a stream in a folder with neighbours, and look at the neighbours."""
    outer = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    try:
        tree_folder, canary = outer / "tree", outer / "a"
        tree_folder.mkdir()
        canary.write_bytes(CANARY)
        message = "Nothing happened."
        began, opened, memory = time.thread_time(), descriptors(outer), most_memory()
        try:
            with os_errors_explained(tree_folder), Tree(tree_folder) as tree:
                extracted = extract(chunks, tree, LIMITS)
                fix_prefix(tree, Path("/new"), extracted.absolute_links, LIMITS)
        except CondaStoreLabError as error:
            message = error.message
        assert message.endswith(".")
        assert message.isprintable()
        assert time.thread_time() - began < SECONDS
        assert most_memory() - memory < GROWTH
        assert descriptors(outer) == opened
        assert sorted(path.name for path in outer.iterdir()) == ["a", "tree"]
        assert canary.read_bytes() == CANARY
        assert canary.stat().st_nlink == 1
        inside(tree_folder)
    finally:
        shutil.rmtree(outer)


def descriptors(folder: Path) -> list[str]:
    """Return what this process has open in a folder."""
    targets = []
    for link in Path("/dev/fd").iterdir():
        with suppress(OSError):
            targets.append(str(link.readlink()))
    return sorted(target for target in targets if target.startswith(str(folder)))


def inside(folder: Path) -> None:
    """Show that there are only plain files of bounded size and links that stay inside."""
    size = 0
    for path in folder.rglob("*"):
        if path.is_symlink():
            assert not str(path.readlink()).startswith("/")
            assert (Path(os.path.realpath(path))).is_relative_to(os.path.realpath(folder))
        elif path.is_file():
            assert path.stat().st_mode & 0o7022 == 0
            size += path.stat().st_size
        else:
            assert path.is_dir()
    assert size <= LIMITS.unpacked


@FUZZ
@given(archives(), st.integers(1, 5000))
def test_changed_archives(data: bytes, size: int) -> None:
    unpacked(chunked(data, size))


@FUZZ
@given(scripts())
def test_changed_records(text: bytes) -> None:
    unpacked(chunked(tar(*MEMBERS[:-1], member("bin/conda-unpack", text)), 10_000))


@FUZZ
@given(st.sampled_from((gz, zst)), archives(), st.data())
def test_changed_after_compression(
    compress: Callable[[bytes], bytes], data: bytes, chance: st.DataObject
) -> None:
    packed = bytearray(compress(data))
    for _ in range(chance.draw(st.integers(0, 3))):
        packed[chance.draw(st.integers(0, len(packed) - 1))] ^= 1 << chance.draw(st.integers(0, 7))
    unpacked(inflate(io.BytesIO(bytes(packed)).read, LIMITS))


@FUZZ
@given(st.binary(max_size=4096), st.sampled_from((b"", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", GOOD[0][:600])))
def test_random_bytes(data: bytes, head: bytes) -> None:
    unpacked(inflate(io.BytesIO(head + data).read, LIMITS))


@FUZZ
@given(st.binary(max_size=4096))
def test_random_bytes_that_decompress(data: bytes) -> None:
    packed = zlib.compressobj(9, wbits=31)
    unpacked(inflate(io.BytesIO(packed.compress(GOOD[1][:512] + data) + packed.flush()).read, LIMITS))


def test_the_archive_that_is_changed_is_good() -> None:
    for good in GOOD:
        folder = Path(tempfile.mkdtemp())
        with Tree(folder) as tree:
            extracted = extract(chunked(good, 1000), tree, LIMITS)
            assert fix_prefix(tree, Path("/new"), extracted.absolute_links, LIMITS) == 2
        shutil.rmtree(folder)
