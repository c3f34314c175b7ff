"""Files that environments have in common are linked, and which never are, on archives made by hand."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.pipeline import sharing
from conda_store_labext.pipeline.archive import extract
from conda_store_labext.pipeline.limits import Limits
from conda_store_labext.pipeline.pipeline import Pipeline
from conda_store_labext.pipeline.sharing import (
    SharingTree,
    SiblingChanged,
    can_clone,
    may_be_linked,
)
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.archives import MTIME, PLACEHOLDER, chunked, gz, member, script, tar

DATA = bytes(range(256)) * 400
LIB = "lib/data.bin"
Bring = Callable[..., StoredCopy]


class Body:
    """An archive's bytes as one answer gives them."""

    offset = 0
    validator = '"one"'

    def __init__(self, data: bytes) -> None:
        self.total = len(data)
        self._pieces = chunked(data, 65536)

    def read(self, size: int) -> bytes:
        return next(self._pieces, b"")

    def close(self) -> None:
        pass


@pytest.fixture
def bring(disk: EnvironmentStore) -> Bring:
    """A function that brings a tar as a build of `default/<name>`."""

    def run(build_id: int, archive: bytes, name: str = "demo", share: bool = True) -> StoredCopy:
        pipeline = Pipeline(disk, lambda offset, validator: Body(gz(archive)), share=share)
        return pipeline.run(BuildRef("http://server", "default", name, build_id))

    return run


@pytest.fixture(autouse=True)
def without_clones(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """These tests are about second names, whatever the file system can do."""
    if "clones" not in request.fixturenames:
        monkeypatch.setattr(sharing, "can_clone", lambda folder: False)


def inode(environment: StoredCopy, path: str = LIB) -> int:
    return (environment.prefix / path).stat().st_ino


def test_the_same_file_is_one_file(bring: Bring) -> None:
    archive = tar(member(LIB, DATA), member("include/a.h", DATA), script())
    first, second, other = bring(1, archive), bring(2, archive), bring(3, archive, "other")
    assert inode(first) == inode(second) == inode(other)
    assert inode(first, "include/a.h") == inode(second, "include/a.h")
    assert (second.prefix / LIB).read_bytes() == DATA
    assert (second.bytes, second.files) == (first.bytes, first.files)


def test_not_if_told_so(bring: Bring) -> None:
    archive = tar(member(LIB, DATA), script())
    assert inode(bring(1, archive)) != inode(bring(2, archive, share=False))


@pytest.mark.parametrize("at", [0, 1, 70_000, len(DATA) - 1])
def test_one_byte_makes_another_file(bring: Bring, at: int) -> None:
    other = DATA[:at] + bytes([DATA[at] ^ 1]) + DATA[at + 1 :]
    first, second = bring(1, tar(member(LIB, DATA), script())), bring(2, tar(member(LIB, other), script()))
    assert inode(first) != inode(second)
    assert (first.prefix / LIB).read_bytes() == DATA
    assert (second.prefix / LIB).read_bytes() == other
    assert (second.prefix / LIB).stat().st_mtime == MTIME


@pytest.mark.parametrize(
    ("path", "fields", "linked"),
    [
        (LIB, {}, True),
        (LIB, {"mode": 0o755}, False),
        (LIB, {"mtime": MTIME + 1}, False),
        ("lib/__pycache__/a.cpython-311.pyc", {"mtime": MTIME + 1}, True),
        ("lib/python3.11/site-packages/own.pth", {}, False),
        ("lib/python3.11/site-packages/a-1.dist-info/RECORD", {}, False),
        ("lib/python3.11/site-packages/certifi/cacert.pem", {}, False),
        ("lib/python3.11/site-packages/matplotlib/mpl-data/matplotlibrc", {}, False),
        ("lib/R/etc/Makeconf", {}, False),
        ("bin/python3.11", {}, False),
        ("conda-meta/history", {}, False),
        ("etc/a.conf", {}, False),
        ("share/jupyter/lab/index.html", {}, False),
    ],
)
def test_what_is_linked(bring: Bring, path: str, fields: dict[str, int], linked: bool) -> None:
    first = bring(1, tar(member(path, DATA), script()))
    second = bring(2, tar(member(path, DATA, **fields), script()))
    assert (inode(first, path) == inode(second, path)) == linked
    status = (second.prefix / path).stat()
    assert status.st_mode & 0o777 == fields.get("mode", 0o644)
    assert linked or status.st_mtime == fields.get("mtime", MTIME)


def test_empty_files_are_just_made(bring: Bring) -> None:
    archive = tar(member("lib/empty.py"), script())
    assert inode(bring(1, archive), "lib/empty.py") != inode(bring(2, archive), "lib/empty.py")


def test_a_file_of_the_prefix_records_is_never_linked(bring: Bring) -> None:
    """Neither one that holds the path, nor one that does not, nor one that only the new archive names."""
    text = f"root = {PLACEHOLDER}\n".encode()
    holding, named, later = "lib/holding.txt", "lib/named.txt", "lib/later.txt"
    files = [member(holding, text), member(named, DATA), member(later, DATA)]
    first = bring(1, tar(*files, script((holding, PLACEHOLDER, "text"), (named, PLACEHOLDER, "text"))))
    records = [(path, PLACEHOLDER, "text") for path in (holding, named, later)]
    second = bring(2, tar(*files, script(*records)))
    for path in (holding, named, later):
        assert inode(first, path) != inode(second, path)
    for made in (first, second):
        assert (made.prefix / holding).read_text() == f"root = {made.prefix}\n"
        assert (made.prefix / named).read_bytes() == (made.prefix / later).read_bytes() == DATA
        assert (made.prefix / later).stat().st_mtime == MTIME


def test_a_placeholder_that_is_the_siblings_own_path(bring: Bring) -> None:
    """A file that was rewritten here may equal an archive's: rewriting that must not reach back."""
    path = "lib/where.txt"
    first = bring(1, tar(member(path, PLACEHOLDER.encode()), script((path, PLACEHOLDER, "text"))))
    os.utime(first.prefix / path, (MTIME, MTIME))
    here = str(first.prefix)
    second = bring(2, tar(member(path, here.encode()), script((path, here, "text"))))
    assert (first.prefix / path).read_text() == here
    assert (second.prefix / path).read_text() == str(second.prefix)


def test_two_names_within_one_archive(bring: Bring) -> None:
    twin = member("lib/twin.txt", type=b"1", linkname=LIB)
    archive = tar(member(LIB, DATA), twin, script(("lib/twin.txt", PLACEHOLDER, "text")))
    first, second = bring(1, archive), bring(2, archive)
    assert inode(second) == inode(second, "lib/twin.txt") != inode(first)


def test_one_path_twice(bring: Bring) -> None:
    archive = tar(member(LIB, DATA), member(LIB, DATA), script())
    assert inode(bring(1, archive)) == inode(bring(2, archive))


def test_only_regular_files_of_the_sibling_itself(bring: Bring, tmp_path: Path) -> None:
    """A link that someone put into the sibling leads nowhere."""
    archive = tar(member("lib/deep/data.bin", DATA), member(LIB, DATA), script())
    first = bring(1, archive)
    outside = tmp_path / "outside"
    (first.prefix / "lib/deep").rename(outside)
    (first.prefix / "lib/deep").symlink_to(outside)
    (first.prefix / LIB).unlink()
    (first.prefix / LIB).symlink_to(outside / "data.bin")
    second = bring(2, archive)
    for path in ("lib/deep/data.bin", LIB):
        assert not (second.prefix / path).is_symlink()
        assert (second.prefix / path).stat().st_nlink == 1


def test_a_sibling_that_is_removed_meanwhile(bring: Bring, disk: EnvironmentStore, tmp_path: Path) -> None:
    first = bring(1, tar(member(LIB, DATA), script()))
    (tmp_path / "new").mkdir()

    def pieces() -> Iterator[memoryview]:
        yield memoryview(DATA)[:1000]
        disk.remove(first.key)
        yield memoryview(DATA)[1000:]

    with SharingTree(tmp_path / "new", [first.prefix]) as tree:
        tree.file(LIB.encode(), len(DATA), 0o644, MTIME * 10**9, pieces())
        tree.file(b"lib/more", len(DATA), 0o644, MTIME * 10**9, [memoryview(DATA)])
    assert (tmp_path / "new" / LIB).read_bytes() == (tmp_path / "new/lib/more").read_bytes() == DATA
    assert (tmp_path / "new" / LIB).stat().st_nlink == 1


def test_a_sibling_that_is_changed_meanwhile(bring: Bring, tmp_path: Path) -> None:
    first = bring(1, tar(member(LIB, DATA), script()))
    (tmp_path / "new").mkdir()

    def pieces() -> Iterator[memoryview]:
        yield memoryview(DATA)[:1000]
        with (first.prefix / LIB).open("r+b") as file:
            file.write(b"changed")
        yield memoryview(DATA)[1000:]

    with SharingTree(tmp_path / "new", [first.prefix]) as tree, pytest.raises(SiblingChanged):
        tree.file(LIB.encode(), len(DATA), 0o644, MTIME * 10**9, pieces())


def test_no_descriptor_is_left(bring: Bring) -> None:
    archive = tar(*(member(f"lib/{number}/file", DATA) for number in range(60)), script())
    bring(1, archive)
    before = len(list(Path("/proc/self/fd").iterdir()))
    bring(2, archive)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_two_at_once(bring: Bring) -> None:
    archive = tar(*(member(f"lib/{number}", DATA) for number in range(50)), script())
    bring(1, archive)
    made: list[StoredCopy] = []
    threads = [threading.Thread(target=lambda n=n: made.append(bring(n, archive))) for n in range(2, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(copy.prefix / "lib/7").stat().st_nlink for copy in made} == {5}


@pytest.fixture
def clones() -> None:
    """Let the file system clone where it can."""


def test_clones_where_the_file_system_can(bring: Bring, disk: EnvironmentStore, clones: None) -> None:
    disk.root.mkdir()
    if not can_clone(disk.root):
        pytest.skip("this file system shares no blocks; name one that does with --basetemp")
    archive = tar(member("share/data.bin", DATA), script())
    first, second = bring(1, archive), bring(2, archive)
    assert inode(first, "share/data.bin") != inode(second, "share/data.bin")
    (second.prefix / "share/data.bin").write_bytes(b"changed")
    assert (first.prefix / "share/data.bin").read_bytes() == DATA


def test_the_probe_leaves_nothing(tmp_path: Path) -> None:
    can_clone(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not can_clone(tmp_path / "nowhere")


def test_paths() -> None:
    assert may_be_linked(b"lib/libz.so.1")
    assert not may_be_linked(b"library/a")


def test_a_tree_without_siblings_is_a_tree(tmp_path: Path) -> None:
    tree = SharingTree(tmp_path, [tmp_path / "nowhere"])
    with tree:
        made = extract(chunked(tar(member(LIB, DATA), script()), 999), tree, Limits())
    assert made.files == 2
    assert tree.shared == 0
