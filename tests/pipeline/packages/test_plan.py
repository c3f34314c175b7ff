"""Packages that are not fetched: those of copies and of conda's caches, each looked at before it counts."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from conda_store_labext.copies.verify import verify
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.pipeline.packages.files import PackageFiles
from conda_store_labext.pipeline.packages.install import Installer
from conda_store_labext.pipeline.packages.lockfiles import read_lockfile
from conda_store_labext.pipeline.packages.plan import Plan
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.archives import snapshot
from tests.pipeline.packages.conftest import Channel, Install
from tests.pipeline.packages.making import PLACEHOLDER, Made

OLD = PLACEHOLDER.encode()
BASE = Made(
    "base",
    files={
        "bin/base": b"#!" + OLD + b"/bin/sh\n",
        "lib/base.so": b"\x7fELF\0" + OLD + b"/x:" + OLD + b"/y\0tail\0",
        "lib/data.txt": b"data\n" * 10_000,
        "lib/link": "data.txt",
        "lib/executable": b"x" * 1000,
        "etc/base.conf": b"root = " + OLD + b"\n",
    },
    modes={"lib/executable": 0o755},
)
NEXT = Made("other", version="2.0", files={"lib/other.txt": b"other"})

Again = Callable[..., tuple[StoredCopy, Plan]]


@pytest.fixture
def again(channel: Channel, disk: EnvironmentStore) -> Again:
    """A function that makes an environment out of what is in another one, whose channel is gone."""

    def run(text: str, *prefixes: Path, gone: tuple[str, ...] = ("base",)) -> tuple[StoredCopy, Plan]:
        for name in gone:
            for file in channel.folder.glob(f"*/{name}-*"):
                file.unlink()
        for file in (disk.home / "p").iterdir():
            file.unlink()
        packages = read_lockfile(text).packages
        plan = Plan.of(packages, PackageFiles(disk.home / "p"), prefixes)
        installer = Installer(disk, packages, siblings=lambda: list(prefixes), plan=plan, strict=True)
        return installer.run(BuildRef("http://server", "default", "again", 7)), plan

    return run


def test_a_package_of_a_copy_is_linked_and_the_copy_stays_as_it_is(
    channel: Channel, install: Install, again: Again
) -> None:
    prefix = install(channel.put(BASE)).prefix
    before, times = snapshot(prefix), {path: path.lstat().st_mtime_ns for path in prefix.rglob("*")}
    two, plan = again(channel.put(BASE, NEXT), prefix)
    assert [package.name for package in plan.to_fetch] == ["other"]
    assert set(plan.in_copies) == {"base"}
    assert plan.sizes() == {"other": (channel.folder / "noarch/other-2.0-0.conda").stat().st_size}
    for path, data in BASE.files.items():
        linked = two.prefix / path
        if isinstance(data, str):
            assert linked.readlink() == Path(data)
        elif b"\0" not in data:
            assert linked.read_bytes() == data.replace(OLD, os.fsencode(two.prefix))
        assert linked.lstat().st_mode == (prefix / path).lstat().st_mode
    assert len((two.prefix / "lib/base.so").read_bytes()) == len(BASE.files["lib/base.so"])
    assert OLD not in (two.prefix / "lib/base.so").read_bytes()
    assert os.fsencode(prefix) not in (two.prefix / "lib/base.so").read_bytes()
    assert (two.prefix / "lib/data.txt").stat().st_ino == (prefix / "lib/data.txt").stat().st_ino
    assert (two.prefix / "bin/base").stat().st_ino != (prefix / "bin/base").stat().st_ino
    verdict = verify(two.prefix)
    assert (verdict.changed, verdict.missing, verdict.unchecked) == ((), (), ())
    assert verdict.verified == two.files
    assert snapshot(prefix) == before
    assert {path: path.lstat().st_mtime_ns for path in times} == times


@pytest.mark.parametrize("path", [path for path in BASE.files if path != "lib/link"])
def test_a_file_that_was_edited_in_a_copy_never_gets_into_another(
    path: str, channel: Channel, install: Install, again: Again
) -> None:
    text = channel.put(BASE)
    prefix = install(text).prefix
    file = prefix / path
    status = file.stat()
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    os.utime(file, ns=(status.st_mtime_ns, status.st_mtime_ns))
    two, plan = again(text, prefix, gone=())
    assert set(plan.in_copies) == {"base"}
    data = BASE.files[path]
    assert isinstance(data, bytes)
    assert b"?" not in (two.prefix / path).read_bytes()
    assert verify(two.prefix).verified == two.files


@pytest.mark.parametrize("change", ["gone", "link", "pipe", "folder", "record", "hash", "list"])
def test_a_copy_that_is_not_what_it_says_is_not_believed(
    change: str, channel: Channel, install: Install, again: Again, tmp_path: Path
) -> None:
    text = channel.put(BASE)
    prefix = install(text).prefix
    file, record = prefix / "lib/data.txt", prefix / "conda-meta/base-1.0-0.json"
    content = json.loads(record.read_text())
    if change == "record":
        record.write_text("{")
    elif change == "hash":
        record.write_text(json.dumps({**content, "sha256": "0" * 64}))
    elif change == "list":
        row = {"_path": "../outside", "path_type": "hardlink", "sha256": "0" * 64}
        record.write_text(json.dumps({**content, "paths_data": {"paths": [row], "paths_version": 1}}))
    else:
        file.unlink()
    if change == "link":
        (tmp_path / "elsewhere").write_bytes(BASE.files["lib/data.txt"])  # type: ignore[arg-type]
        file.symlink_to(tmp_path / "elsewhere")
    elif change == "pipe":
        os.mkfifo(file)
    elif change == "folder":
        file.mkdir()
    two, _ = again(text, prefix, gone=())
    assert (two.prefix / "lib/data.txt").read_bytes() == BASE.files["lib/data.txt"]
    assert not (two.prefix / "lib/data.txt").is_symlink()
    assert verify(two.prefix).verified == two.files


def test_a_package_cache_is_read_and_its_wrong_files_are_not(
    channel: Channel, install: Install, again: Again, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = channel.put(BASE, NEXT)
    install(channel.put(Made("first")), "first")  # so that there is a store
    cache = tmp_path / "pkgs"
    cache.mkdir()
    (cache / "base-1.0-0.conda").write_bytes((channel.folder / "noarch/base-1.0-0.conda").read_bytes())
    (cache / "other-2.0-0.conda").write_bytes(b"half")
    monkeypatch.setenv("CONDA_PKGS_DIRS", str(cache))
    before = {file.name: hashlib.sha256(file.read_bytes()).digest() for file in cache.iterdir()}
    two, plan = again(text)
    assert [package.name for package in plan.to_fetch] == ["other"]
    assert (two.prefix / "lib/other.txt").read_bytes() == b"other"
    assert {file.name: hashlib.sha256(file.read_bytes()).digest() for file in cache.iterdir()} == before


MOVED = {
    "first": (Made("a", files={"m/__init__.py": b"one", "m/x.py": b"x"}),),
    "second": (
        Made("a", version="2.0", depends=("a-core",)),
        Made("a-core", version="2.0", files={"m/__init__.py": b"two", "m/x.py": b"x"}),
    ),
}


@pytest.mark.parametrize("before", [None, "first", "second"])
@pytest.mark.parametrize("now", list(MOVED))
def test_the_tree_is_the_lockfiles_whatever_was_there_before(
    before: str | None, now: str, channel: Channel, install: Install, again: Again
) -> None:
    """A file goes over from one package to another, as at an update."""
    prefixes = [install(channel.put(*MOVED[before]), "before").prefix] if before else []
    if not before:
        install(channel.put(Made("nothing", files={"x": b""})), "before")
    copy, _ = again(channel.put(*MOVED[now]), *prefixes, gone=())
    wanted = {path: data for made in MOVED[now] for path, data in made.files.items()}
    files = {
        str(path.relative_to(copy.prefix)): path.read_bytes()
        for path in copy.prefix.rglob("*")
        if path.is_file() and "conda-meta" not in path.parts
    }
    assert files == wanted
