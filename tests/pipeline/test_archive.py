"""Extraction: what conda-pack and tar write comes out as tar would have it, and nothing leaves its folder."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from pathlib import Path

import psutil
import pytest

from conda_store_labext.errors import BadArchive, DiskFull, UnsafeArchive
from conda_store_labext.pipeline.limits import Limits

from .archives import chunked, member, pack, snapshot, tar
from .conftest import Unpack

LONG = "/".join(["folder" * 10] * 5) + "/file"
SYMLINK, HARDLINK = {"type": tarfile.SYMTYPE}, {"type": tarfile.LNKTYPE}


@pytest.mark.parametrize("chunk", [1, 511, 512, 513, 65536, 10**9])
@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_as_tarfile_has_it(tmp_path: Path, unpack: Unpack, chunk: int, format_: int) -> None:
    ours = tar(
        member("./a/b.txt", b"b" * 1500, mode=0o4777),
        member("a/empty", mtime=1_234_567_890.5),
        member(LONG if format_ != tarfile.USTAR_FORMAT else "a/" + "c" * 90, b"long"),
        member("ünï/cödé", b"u"),
        member("a/folder/", type=tarfile.DIRTYPE, mode=0o755),
        member("a/link", linkname="../a/b.txt", **SYMLINK),
        member("hard", linkname="a/b.txt", **HARDLINK),
        dialect=format_,
    )
    assert unpack(ours, chunk).files == 6
    with tarfile.open(fileobj=io.BytesIO(ours)) as reference:
        reference.extractall(tmp_path / "reference", filter="tar")
    entries, expected = snapshot(tmp_path / "tree"), snapshot(tmp_path / "reference")
    assert {path: what for path, (_, what) in entries.items()} == {
        path: what for path, (_, what) in expected.items()
    }
    assert entries["a/b.txt"][0] == 0o755  # neither set-user-id nor writable for others
    for path in ("a/b.txt", "ünï/cödé"):
        assert (tmp_path / "tree" / path).stat().st_mtime == (tmp_path / "reference" / path).stat().st_mtime
    if format_ == tarfile.PAX_FORMAT:
        assert (tmp_path / "tree" / "a/empty").stat().st_mtime == 1_234_567_890.5
    assert (tmp_path / "tree" / "hard").samefile(tmp_path / "tree" / "a/b.txt")


def test_what_conda_pack_makes(tmp_path: Path, unpack: Unpack) -> None:
    packed = pack(tmp_path, "tar")
    extracted = unpack(packed)
    with tarfile.open(fileobj=io.BytesIO(packed)) as reference:
        reference.extractall(tmp_path / "reference", filter="tar")
        assert extracted.files == len(reference.getmembers())
        assert extracted.size == sum(info.size for info in reference.getmembers())
    entries, expected = snapshot(tmp_path / "tree"), snapshot(tmp_path / "reference")
    assert {path: what for path, (_, what) in entries.items()} == {
        path: what for path, (_, what) in expected.items()
    }
    for path in expected:
        ours, theirs = (tmp_path / "tree" / path).lstat(), (tmp_path / "reference" / path).lstat()
        if (tmp_path / "tree" / path).is_file() and not (tmp_path / "tree" / path).is_symlink():
            assert abs(ours.st_mtime_ns - theirs.st_mtime_ns) < 1000, path


def test_more_folders_than_descriptors(tmp_path: Path, unpack: Unpack) -> None:
    members = [member(f"{a}/{b}/{c}", b"x") for c in range(2) for a in range(20) for b in range(20)]
    before = psutil.Process().num_fds()
    assert unpack(tar(*members)).files == 800
    assert psutil.Process().num_fds() == before
    assert sum(path.is_file() for path in (tmp_path / "tree").rglob("*")) == 800


HOSTILE = {
    "absolute": [member("/tmp/evil", b"x")],
    "dots": [member("a/../../evil", b"x")],
    "only dots": [member("..", b"x")],
    "symlink out": [member("a", linkname="../../evil", **SYMLINK)],
    "symlink out from below": [member("a/b/c", linkname="../../../evil", **SYMLINK)],
    "symlink that climbs out of a link": [
        member("up/up/root", linkname="../..", **SYMLINK),
        member("out", linkname="up/up/root/../evil", **SYMLINK),
    ],
    "symlink to nothing": [member("a", linkname="", **SYMLINK)],
    "file through a symlink": [member("d", linkname="e", **SYMLINK), member("d/evil", b"x")],
    "file through a symlink to a folder": [
        member("e/f", b"x"),
        member("d", linkname="e", **SYMLINK),
        member("d/g", b"x"),
    ],
    "hard link out": [member("a", linkname="../evil", **HARDLINK)],
    "hard link absolute": [member("a", linkname="/etc/passwd", **HARDLINK)],
    "hard link to nothing": [member("a", linkname="b", **HARDLINK)],
    "hard link to a symlink": [member("b", linkname="c", **SYMLINK), member("a", linkname="b", **HARDLINK)],
    "hard link to a folder": [member("b/c", b"x"), member("a", linkname="b", **HARDLINK)],
    "device": [member("a", type=tarfile.CHRTYPE)],
    "block device": [member("a", type=tarfile.BLKTYPE)],
    "pipe": [member("a", type=tarfile.FIFOTYPE)],
    "file where a folder is": [member("a/b", b"x"), member("a", b"y")],
    "folder where a file is": [member("a", b"x"), member("a/b", b"y")],
    "folder member where a file is": [member("a", b"x"), member("a/", type=tarfile.DIRTYPE)],
    "long name": [member("n" * 10_000, b"x")],
    "long path": [member("n/" * 5_000 + "n", b"x")],
    "deep path": [member("n/" * 500 + "n", b"x")],
    "no name": [member("./", b"x")],
    "huge pax value": [member("a", pax_headers={"comment": "c" * 2_000_000})],
    "pax sparse": [member("a", b"x", pax_headers={"GNU.sparse.major": "1"})],
    "gnu sparse": [member("a", type=tarfile.GNUTYPE_SPARSE)],
    "unknown kind": [member("a", type=b"V")],
}


@pytest.mark.parametrize("members", HOSTILE.values(), ids=HOSTILE)
def test_hostile(tmp_path: Path, unpack: Unpack, members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    with pytest.raises(UnsafeArchive, match=r"^The archive .*; it was refused: ask whoever built it\.$"):
        unpack(tar(*members))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tree"]
    for path in (tmp_path / "tree").rglob("*"):
        assert path.is_dir() or path.is_symlink() or path.read_bytes() in (b"x", b"y", b"one", b"")


CLOBBER = "__clobbers__/two/a"

TWICE = {
    "the same file": [member("a", b"same" * 999), member("a", b"same" * 999)],
    "a longer file": [member("a", b"one"), member("a", b"longer")],
    "a file that is shorter": [member("a", b"longer" * 999, mode=0o755), member("a", b"one")],
    "the same link": [member("b", b"x"), *[member("a", linkname="b", **SYMLINK)] * 2],
    "another link": [
        member("a", linkname="b", **SYMLINK),
        member("a", linkname="c", **SYMLINK),
        member("c", b"x"),
    ],
    "a file, then a link": [member("b", b"x"), member("a", b"y"), member("a", linkname="b", **SYMLINK)],
    "a link, then a file": [member("b", b"x"), member("a", linkname="b", **SYMLINK), member("a", b"y")],
    "a link to nothing, then a file": [member("a", linkname="b", **SYMLINK), member("a", b"y")],
    "a file, then a hard link": [member("b", b"x"), member("a", b"y"), member("a", linkname="b", **HARDLINK)],
    "a hard link, then a file": [member("b", b"x"), member("a", linkname="b", **HARDLINK), member("a", b"y")],
    "a hard link to itself": [member("a", b"x"), member("a", linkname="a", **HARDLINK)],
    "as rattler links it": [
        member("a", b"one"),
        member(CLOBBER, b"two"),
        member("a", linkname=CLOBBER, **HARDLINK),
    ],
}


@pytest.mark.parametrize("members", TWICE.values(), ids=TWICE)
def test_what_comes_twice_is_what_comes_last(
    tmp_path: Path, unpack: Unpack, members: list[tuple[tarfile.TarInfo, bytes]]
) -> None:
    """Two packages that own one path are everyday life; tar and conda have the later one win."""
    unpack(tar(*members))
    # the program, because Python's tarfile writes through links
    (tmp_path / "reference").mkdir()
    subprocess.run(["tar", "-x", "-C", tmp_path / "reference"], input=tar(*members), check=True)
    assert snapshot(tmp_path / "tree") == snapshot(tmp_path / "reference")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["reference", "tree"]


def test_the_other_name_of_what_is_replaced_keeps_its_contents(tmp_path: Path, unpack: Unpack) -> None:
    unpack(tar(member("b", b"kept"), member("a", linkname="b", **HARDLINK), member("a", b"new")))
    assert (tmp_path / "tree" / "b").read_bytes() == b"kept"
    assert (tmp_path / "tree" / "a").read_bytes() == b"new"


def test_of_two_absolute_links_or_files_the_later_counts(unpack: Unpack) -> None:
    link = [member("a", linkname=f"/opt/env/{name}", **SYMLINK) for name in "bc"]
    assert unpack(tar(*link)).absolute_links == ((b"a", b"/opt/env/c"),)
    assert unpack(tar(link[0], member("a", b"x"))).absolute_links == ()


def test_names_that_are_not_unicode(tmp_path: Path, unpack: Unpack) -> None:
    unpack(tar(member("caf\udce9", b"x")))
    assert [os.fsencode(path.name) for path in (tmp_path / "tree").iterdir()] == [b"caf\xe9"]


def test_absolute_links_wait_for_the_records(tmp_path: Path, unpack: Unpack) -> None:
    extracted = unpack(tar(member("a", linkname="/opt/env/b", **SYMLINK)))
    assert extracted.absolute_links == ((b"a", b"/opt/env/b"),)
    assert list((tmp_path / "tree").iterdir()) == []


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        (Limits(files=99), UnsafeArchive),
        (Limits(unpacked=99 * 1000), UnsafeArchive),
        (Limits(spare=2**60), DiskFull),
    ],
)
def test_limits(unpack: Unpack, limits: Limits, error: type[Exception]) -> None:
    hundred = tar(*(member(str(number), bytes(1000)) for number in range(100)))
    with pytest.raises(error):
        unpack(hundred, limits=limits)


def test_a_file_too_big_for_the_disk_is_never_begun(tmp_path: Path, unpack: Unpack) -> None:
    info = tarfile.TarInfo("a")
    info.size = 2**55
    head = info.tobuf(tarfile.GNU_FORMAT)
    with pytest.raises(DiskFull, match="is full; free some space"):
        unpack(head + bytes(10_000), limits=Limits(unpacked=2**60))
    assert list((tmp_path / "tree").iterdir()) == []


def _patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


GOOD = tar(member("a", b"x" * 700), member("b", b"y"))


@pytest.mark.parametrize(
    "damaged",
    {
        "nothing": b"",
        "no members": tar(),
        "cut in a header": GOOD[:300],
        "cut in a file": GOOD[:1000],
        "cut between members": GOOD[: 512 + 1024],
        "cut in the end mark": GOOD[: 512 + 1024 + 1024 + 512],
        "one zero block only": _patched(GOOD, 512 + 1024 + 1024 + 512, b"x"),
        "something after the end": GOOD + b"x",
        "checksum": _patched(GOOD, 0, b"A"),
        "size": _patched(GOOD, 124, b"-0000000001"),
        "underscore": _patched(GOOD, 124, b"0000000_100"),
    }.items(),
    ids=lambda item: item[0],
)
def test_damaged(unpack: Unpack, damaged: tuple[str, bytes]) -> None:
    with pytest.raises(BadArchive, match=r"^The archive .*; (try again|rebuild the environment)"):
        unpack(damaged[1])


@pytest.mark.parametrize(
    "text",
    [
        b"nonsense",
        b"0 a=b\n",
        b"99 a=b\n",
        b"5 a=b",
        b"7 a=bbb",
        b"6 aaa\n",
        b"9 size=-1\n",
        b"12 mtime=1e5\n",
        b"\n",
    ],
)
def test_damaged_pax(unpack: Unpack, text: bytes) -> None:
    header, body = member("pax", text, type=tarfile.XHDTYPE)
    with pytest.raises(BadArchive):
        unpack(tar((header, body), member("a", b"x"), dialect=tarfile.USTAR_FORMAT))


def test_every_truncation_is_noticed(tmp_path: Path, unpack: Unpack) -> None:
    for length in range(0, 512 + 1024 + 1024 + 1024, 37):
        with pytest.raises(BadArchive):
            unpack(GOOD[:length])


def test_chunked_is_whole() -> None:
    assert b"".join(chunked(GOOD, 7)) == GOOD
