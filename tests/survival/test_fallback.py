"""Whatever keeps a build's packages from being used leads to its archive, and the log says what it was."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from conda_store_labext.client.connection import Connection
from conda_store_labext.errors import DiskFull
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.pipeline.job import Job, Progress
from conda_store_labext.pipeline.limits import Limits
from conda_store_labext.pipeline.packages.files import PackageFiles
from conda_store_labext.pipeline.packages.lockfiles import locked_environment
from conda_store_labext.pipeline.packages.worker import run_build
from conda_store_labext.pipeline.worker import Reporter
from conda_store_labext.store.layout import prepare
from conda_store_labext.store.paths import AUTO, PACKAGES
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.faulty import Handler, cut
from tests.pipeline.packages.making import Made

from .invariants import Contents, contents
from .packages import Channel, packages

MADE = packages(3)


class Heard(Reporter):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__(BytesIO())
        self.logged: list[str] = []
        self.ways: set[str | None] = set()

    def log(self, text: str) -> None:
        """Keep a line of the log."""
        self.logged.append(text)

    def progress(self, progress: Progress) -> None:
        """Keep by which way it comes."""
        self.ways.add(progress.way)


@pytest.fixture
def channel(archive: bytes) -> Iterator[Channel]:
    """A conda-store, and a channel with some packages."""
    with (running := Channel(MADE, archive)):
        yield running


def bring(channel: Channel, root: Path, way: str = PACKAGES) -> tuple[StoredCopy, Heard]:
    """Bring the build here; return the copy and what was said meanwhile."""
    connection = Connection(channel.url, "token", token="s3cr3t-token", timeout=120)
    heard = Heard()
    job = Job(connection, BuildRef(channel.url, "default", "demo", 1), root, Limits(spare=0), way=way)
    return run_build(job, heard), heard


def add(channel: Channel, made: Made) -> None:
    """Put one more package into channel and lockfile."""
    data = made.conda()
    path = f"/noarch/{made.stem}.conda"
    channel.files[path] = data
    channel.rows.append(channel.row(path, data))


def wrong_hash(channel: Channel) -> None:
    """Lock another file than the channel has."""
    channel.rows[1]["hash"] = {"sha256": "0" * 64, "md5": ""}


def hash_of_the_other_format(channel: Channel) -> None:
    """Lock the address of one format with the md5 of the other."""
    channel.rows[1]["hash"] = {"md5": "0" * 32}


def gone(channel: Channel) -> None:
    """Take a package out of the channel."""
    del channel.files["/noarch/package0-1.0-0.conda"]


def wheel(channel: Channel) -> None:
    """Lock a package of PyPI."""
    channel.rows.append({**channel.rows[0], "name": "wheelish", "manager": "pip"})


def script(channel: Channel) -> None:
    """Lock a package that a script has to finish."""
    add(channel, Made("scripted", files={"bin/.scripted-post-link.sh": b"touch $PREFIX/ran\n"}))


def both(channel: Channel) -> None:
    """Lock two packages with one file."""
    add(channel, Made("rival", files={"lib/package0/file1": b"another"}))


def hostile(channel: Channel) -> None:
    """Lock a package that leaves its place."""
    entry = tarfile.TarInfo("../../outside")
    add(channel, Made("hostile", members=[(entry, b"")], paths={"../../outside": {"path_type": "hardlink"}}))


def dots(channel: Channel) -> None:
    """Lock a package whose name leads elsewhere."""
    channel.rows[1]["url"] = f"{channel.url}/noarch/..%2f..%2fx-1.0-0.conda"


def file_address(channel: Channel) -> None:
    """Lock a file of this machine."""
    channel.rows[1]["url"] = "file:///etc/noarch/x-1.0-0.conda"


def no_lockfile(channel: Channel) -> None:
    """Have the lockfile answered with an error."""

    def hook(handler: Handler) -> bool:
        if "/lockfile/" in handler.path:
            handler.answer(404, b"{}")
            return True
        return False

    channel.hooks.insert(0, hook)


REASONS: dict[str, tuple[Callable[[Channel], None], str]] = {
    "wrong hash": (wrong_hash, "package0-1.0-0.conda"),
    "hash of the other format": (hash_of_the_other_format, "package0-1.0-0.conda"),
    "gone": (gone, "package0-1.0-0.conda"),
    "wheel": (wheel, "wheelish"),
    "script": (script, "scripted-1.0-0.conda"),
    "both": (both, "lib/package0/file1"),
    "hostile": (hostile, "hostile-1.0-0.conda"),
    "dots": (dots, "not one of a conda package"),
    "file": (file_address, "neither http nor https"),
    "no lockfile": (no_lockfile, "lockfile"),
}


@pytest.mark.parametrize("reason", REASONS)
def test_the_archive_comes_and_the_log_says_why(
    reason: str, channel: Channel, whole: Contents, tmp_path: Path
) -> None:
    change, named = REASONS[reason]
    change(channel)
    copy, heard = bring(channel, tmp_path / "store")
    assert contents(copy.prefix) == whole
    (line,) = heard.logged
    assert line.startswith("The archive is fetched, because its packages cannot be used: ")
    assert named in line
    assert "s3cr3t" not in line
    assert [path.name for path in (tmp_path / "store/v1/s").iterdir()] == []
    assert not list(tmp_path.rglob("outside"))
    assert not list(tmp_path.rglob("ran"))


def test_a_channel_that_cuts_every_connection_leads_to_the_archive(
    channel: Channel, whole: Contents, tmp_path: Path
) -> None:
    channel.package_faults = [cut(0)] * 500
    copy, heard = bring(channel, tmp_path / "store")
    assert contents(copy.prefix) == whole
    assert "breaks off again and again" in heard.logged[0]


def test_a_full_disk_is_no_reason_for_the_archive(channel: Channel, tmp_path: Path) -> None:
    connection = Connection(channel.url, "token", token="s3cr3t-token")
    build = BuildRef(channel.url, "default", "demo", 1)
    job = Job(connection, build, tmp_path / "store", Limits(spare=2**60), way=PACKAGES)
    heard = Heard()
    with pytest.raises(DiskFull):
        run_build(job, heard)
    assert heard.logged == []
    assert len(channel.downloads) == 1  # only asked for its size


@pytest.mark.parametrize(("here", "way"), [(0, None), (1, None), (4, "packages")])
def test_auto_takes_what_is_less_work(here: int, way: str | None, archive: bytes, tmp_path: Path) -> None:
    """Five packages of 300 kB beside an archive of some more; these bring byte code to be made."""
    with (channel := Channel(packages(4), archive)):
        store = EnvironmentStore(tmp_path / "store")
        prepare(store.root)
        files = PackageFiles(store.home / "p")
        for package in locked_environment(json.loads(channel.lockfile())).packages[5 - here :]:
            data = channel.files[f"/noarch/{package.file}"]
            files.take(package, [memoryview(data)])
        copy, heard = bring(channel, store.root, AUTO)
    assert way in heard.ways
    assert (copy.prefix / "bin/conda-unpack").exists() is (way is None)
    assert heard.logged == []
    assert (channel.given == []) is (here == 0)
