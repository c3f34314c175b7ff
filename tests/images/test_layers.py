"""Layers: which files share one, and archives that are equal for equal files."""

from __future__ import annotations

import gzip
import os
import tarfile
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from conda_store_labext.copies.images.content import Member, moved_binary
from conda_store_labext.copies.images.layers import LARGE, LINKED, MOST_LARGE, SHARED, grouped, write_layer
from conda_store_labext.copies.images.names import ImageName, LayoutName, parse_name
from conda_store_labext.errors import InvalidRequest


def packages(number: int, large: int) -> list[Member]:
    """Return the members of that many packages, some of them large, and a file of nobody's."""
    sizes = [LARGE + at if at < large else 1000 for at in range(number)]
    made = [Member(f"lib/p{at}/file", f"p{at}", data=bytes(size)) for at, size in enumerate(sizes)]
    return [*made, Member("conda-meta/history", "", data=b"")]


@pytest.mark.parametrize(("number", "large"), [(155, 3), (155, 155), (1, 0), (1, 1), (1200, 60)])
def test_every_file_is_in_one_layer_however_many_packages_there_are(number: int, large: int) -> None:
    members = packages(number, large)
    layers = grouped(members)
    held = [member.path for some in layers.values() for member in some]
    assert sorted(held) == sorted(member.path for member in members)
    # with a base of 8 layers, and 30 that somebody builds upon it
    assert len(layers) <= MOST_LARGE + SHARED + 1 <= 127 - 8 - 30


@pytest.mark.parametrize("at", [0, 2, 100, 154])
def test_one_package_changes_one_layer(at: int, tmp_path: Path) -> None:
    members = packages(155, 3)
    changed = [
        replace(member, data=b"other") if member.package == f"p{at}" and at > 2 else member
        for member in members
    ]
    if at <= 2:
        changed[at] = replace(members[at], data=bytes(LARGE - 1) + b"x" * 5)
    before, after = (
        {write_layer(name, some, tmp_path).blob.digest for name, some in grouped(each).items()}
        for each in (members, changed)
    )
    assert len(before - after) == 1
    gone = grouped([member for member in members if member.package != f"p{at}"])
    without = {write_layer(name, some, tmp_path).blob.digest for name, some in gone.items()}
    assert len(before - without) == 1


def test_the_archive_follows_from_names_and_contents_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = os.urandom(LINKED)
    (tmp_path / "source").write_bytes(big)
    members = [
        Member("bin/run", "a", executable=True, data=b"#!/bin/sh\n"),
        Member("lib/a/one", "a", source=tmp_path / "source"),
        Member("lib/a/two", "a", data=big),
        Member("lib/a/ünï " + "x" * 200, "a", data=b"small"),
        Member("lib/link", "a", target="a/one"),
    ]
    first = write_layer("a", members, tmp_path)
    os.utime(tmp_path / "source", (1, 1))
    (tmp_path / "source").chmod(0o600)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    before = os.umask(0o077)
    try:
        assert write_layer("b", members[::-1], tmp_path) == replace(first, name="b")
    finally:
        os.umask(before)
        monkeypatch.undo()
        time.tzset()
    assert isinstance(first.blob.content, Path)
    data = gzip.decompress(first.blob.content.read_bytes())
    with tarfile.open(fileobj=BytesIO(data)) as archive:
        infos = archive.getmembers()
    assert [info.name for info in infos if info.isdir()] == [
        "opt/env",
        "opt/env/bin",
        "opt/env/lib",
        "opt/env/lib/a",
    ]
    assert not any(
        info.name.startswith(("/", "./")) or info.linkname.startswith(("/", "./")) for info in infos
    )
    assert {(info.uid, info.gid, info.uname, info.gname) for info in infos} == {(0, 0, "", "")}
    assert len({info.mtime for info in infos}) == 1
    assert {info.name: oct(info.mode) for info in infos}["opt/env/bin/run"] == "0o755"
    names = [info.name for info in infos]
    (hard,) = [info for info in infos if info.islnk()]
    assert (hard.name, hard.linkname) == ("opt/env/lib/a/two", "opt/env/lib/a/one")
    assert names.index(hard.linkname) < names.index(hard.name)


def test_a_path_in_a_library_is_moved_within_its_room() -> None:
    new = b"/opt/env"
    for old in (b"/a/much/longer/folder/of/somebody/e/0123-4", b"/o/env12"):
        room = 60
        string = old + b"/lib:" + old + b"/share"
        data = b"\x7fELF\0" + string + bytes(room - len(string) + 60) + b"next\0" + old
        want = new + b"/lib:" + new + b"/share"
        assert moved_binary(data, old, new).startswith(b"\x7fELF\0" + want + b"\0")
        assert len(moved_binary(data, old, new)) == len(data)
        assert b"\0next\0" in moved_binary(data, old, new)
    longer = moved_binary(b"/e/x\0\0\0\0\0\0end", b"/e", b"/opt/e")
    assert longer == b"/opt/e/x\0\0end"
    with pytest.raises(InvalidRequest, match="no room"):
        moved_binary(b"/e/x\0\0end", b"/e", b"/opt/env")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("registry.example.org/team/data:12", ImageName("registry.example.org", "team/data", "12")),
        ("localhost:5000/data", ImageName("localhost:5000", "data", "7")),
        ("localhost/data", ImageName("localhost", "data", "7")),
        ("r.example/d@sha256:" + "a" * 64, ImageName("r.example", "d", "sha256:" + "a" * 64)),
        ("oci:/tmp/x:latest", LayoutName(Path("/tmp/x"), "latest")),
        ("oci:/tmp/x", LayoutName(Path("/tmp/x"), "7")),
    ],
)
def test_names_are_read(text: str, name: ImageName | LayoutName) -> None:
    assert parse_name(text, "7") == name


@pytest.mark.parametrize(
    "text",
    ["", "data", "team/data", "r.example/Data", "r.example/", "r.example/d:", "http://r.example/d", "oci:"],
)
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="no image's name"):
        parse_name(text, "7")
