"""Packages and lockfiles that mean harm leave nothing outside of the store, and nothing inside of it."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from conda_store_labext.errors import BadArchive, PackageUnavailable, UnsuitableLockfile
from conda_store_labext.pipeline.limits import Limits
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.packages.conftest import Channel, Install
from tests.pipeline.packages.making import PLACEHOLDER, Made, conda_file, explicit, put

PYTHON = Made("python", "3.11.9", "0_cpython", "linux-64", files={"bin/python3.11": b"\x7fELF\0"})


def member(path: str, kind: bytes = tarfile.REGTYPE, link: str = "", data: bytes = b"x") -> Made:
    """Return a package with one member that is as it is given."""
    entry = tarfile.TarInfo(path)
    entry.type, entry.linkname, entry.size = kind, link, len(data) if kind == tarfile.REGTYPE else 0
    return Made("bad", members=[(entry, data)], paths={path: {"path_type": "hardlink"}})


def command(text: str) -> Made:
    """Return a noarch package with an entry point."""
    return Made("bad", noarch="python", entry_points=(text,), files={"site-packages/bad.py": b""})


def placed(path: str, **entry: object) -> Made:
    """Return a package whose list of files says something of a path."""
    return Made("bad", files={"lib/a": b"a"}, paths={path: {"path_type": "hardlink", **entry}})


PACKAGES = {
    "outside": member("../../outside"),
    "absolute": member("/tmp/outside"),
    "link out": member("lib/link", tarfile.SYMTYPE, "../../../outside"),
    "absolute link": member("lib/link", tarfile.SYMTYPE, "/etc/passwd"),
    "hard link out": member("lib/link", tarfile.LNKTYPE, "../../../etc/passwd"),
    "hard link to nothing": member("lib/link", tarfile.LNKTYPE, "lib/none"),
    "device": member("lib/null", tarfile.CHRTYPE),
    "pipe": member("lib/pipe", tarfile.FIFOTYPE),
    "listed outside": placed("../outside"),
    "listed absolute": placed("/outside"),
    "listed and not there": placed("lib/b"),
    "among the records": placed("conda-meta/python-3.11.9-0_cpython.json"),
    "placeholder that is no path": placed("lib/a", prefix_placeholder="a", file_mode="text"),
    "placeholder that is the root": placed("lib/a", prefix_placeholder="/", file_mode="text"),
    "mode that is none": placed("lib/a", prefix_placeholder=PLACEHOLDER, file_mode="both"),
    "command with a path": command("../../outside = bad:main"),
    "command with code": command("bad = os;import sys:main"),
    "command that calls code": command("bad = bad:main(open('/tmp/outside','w'))"),
    "command without a name": command(".. = bad:main"),
    "another's name": Made("bad", index={"name": "good"}, files={"lib/a": b"a"}),
    "another's version": Made("bad", index={"version": "2"}, files={"lib/a": b"a"}),
    "another's platform": Made("bad", index={"subdir": "win-64"}, files={"lib/a": b"a"}),
    "out of noarch": Made("bad", noarch="python", files={"site-packages/../../../../outside": b""}),
}


@pytest.mark.parametrize("case", PACKAGES)
def test_a_package_that_leaves_its_place_is_refused(
    case: str, channel: Channel, install: Install, disk: EnvironmentStore
) -> None:
    with pytest.raises(BadArchive, match=r"bad-1\.0-0\.conda: ") as raised:
        install(channel.put(PYTHON, PACKAGES[case]))
    assert str(raised.value).endswith(".")
    nothing_came(disk)


def two_inner(part: str) -> Callable[[], bytes]:
    """Return what makes a `.conda` with two archives of one kind."""

    def make() -> bytes:
        package = Made("bad", files={"lib/a": b"a"})
        out = io.BytesIO(package.conda())
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr(f"{part}-other.tar.zst", archive.read(f"{part}-bad-1.0-0.tar.zst"))
        return out.getvalue()

    return make


def bomb() -> bytes:
    """Return a package of a few kilobytes that unpacks to 300 MB."""
    return Made("bad", files={"lib/zeros": bytes(300_000_000)}).conda()


def zipped_twice() -> bytes:
    """Return a package whose parts the zip packs once more."""
    package = Made("bad", files={"lib/a": bytes(1_000_000)})
    return conda_file(
        package.stem, package.tar(package.files), package.tar(package.info()), zipfile.ZIP_DEFLATED
    )


def cut_short() -> bytes:
    """Return the first half of a package, as a channel's own."""
    data = Made("bad", files={"lib/a": bytes(range(256)) * 5000}).conda()
    return data[: len(data) // 2]


def no_description() -> bytes:
    """Return a package without paths.json."""
    package = Made("bad", files={"lib/a": b"a"})
    info = {"info/index.json": package.info()["info/index.json"]}
    return conda_file(package.stem, package.tar(package.files), package.tar(info))


def nested_json() -> bytes:
    """Return a package whose description has no end of brackets."""
    package = Made("bad", files={"lib/a": b"a"})
    info = {**package.info(), "info/index.json": b"[" * 200_000}
    return conda_file(package.stem, package.tar(package.files), package.tar(info))


@pytest.mark.parametrize(
    "make",
    [
        two_inner("pkg"),
        two_inner("info"),
        bomb,
        zipped_twice,
        cut_short,
        no_description,
        nested_json,
        lambda: b"",
    ],
    ids=["two pkg", "two info", "bomb", "zipped twice", "cut short", "no description", "nested", "empty"],
)
def test_a_file_that_is_no_proper_package_is_refused(
    make: Callable[[], bytes], channel: Channel, install: Install, disk: EnvironmentStore
) -> None:
    line = put(channel.folder, Made("bad"), data=make())
    with pytest.raises(BadArchive, match=r"bad-1\.0-0\.conda: "):
        install(explicit(channel.url, line))
    nothing_came(disk)


def test_an_environment_beyond_every_size_is_refused(
    channel: Channel, install: Install, disk: EnvironmentStore
) -> None:
    package = Made("bad", files={f"lib/{number}": b"x" for number in range(20)})
    with pytest.raises(BadArchive):
        install(channel.put(package), limits=Limits(files=10))
    with pytest.raises(BadArchive):
        install(channel.put(package), limits=Limits(unpacked=10))
    nothing_came(disk)


def test_another_file_than_the_one_that_was_locked_is_refused(
    channel: Channel, install: Install, disk: EnvironmentStore
) -> None:
    text = channel.put(Made("bad", files={"lib/a": b"locked"}))
    put(channel.folder, Made("bad", files={"lib/a": b"other"}))
    with pytest.raises(PackageUnavailable, match="another file than the one that was locked"):
        install(text)
    nothing_came(disk)


def test_a_redirection_to_this_machine_is_not_followed_from_elsewhere(
    channel: Channel, install: Install, disk: EnvironmentStore
) -> None:
    line = put(channel.folder, Made("bad", files={"lib/a": b"a"}))
    text = explicit(channel.url, line) + f"http://192.0.2.1/noarch/b-1-0.conda#{'0' * 64}\n"
    with pytest.raises(UnsuitableLockfile, match="this very machine"):
        install(text)
    nothing_came(disk)


def test_a_wheel_in_the_lockfile_is_no_shorter_environment(channel: Channel, install: Install) -> None:
    line, digest = put(channel.folder, PYTHON).split("#")
    rows = [
        {"name": "python", "manager": "conda", "url": f"{channel.url}/{line}", "hash": {"sha256": digest}},
        {"name": "wheel", "manager": "pip", "url": "https://files.example.org/w.whl", "hash": {}},
    ]
    text = json.dumps({"version": 1, "package": [{**row, "platform": "linux-64"} for row in rows]})
    with pytest.raises(UnsuitableLockfile, match=r"not conda's \(wheel\)"):
        install(text)


def nothing_came(disk: EnvironmentStore) -> None:
    """Look that no environment came, nothing is left of one, and nothing lies outside of the store."""
    assert disk.list() == ()
    for name in "emstc":
        assert list((disk.home / name).glob("*")) == [], name
    assert not list(disk.root.parent.glob("**/outside"))
    assert not (disk.root.parent.parent / "outside").exists()
    assert not Path("/tmp/outside").exists()
    for path in (disk.home / "p").glob("*.conda"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
