"""Copies made of packages survive what copies of archives do: kills, cuts, a full disk, a crowd."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from conda_store_labext.errors import CondaStoreLabError, DiskFull, PackageUnavailable, WorkerDied
from conda_store_labext.models import Step
from conda_store_labext.pipeline.job import Progress
from conda_store_labext.pipeline.limits import Limits
from conda_store_labext.pipeline.packages.job import WORKER, FileJob
from conda_store_labext.pipeline.packages.local_file import file_job
from conda_store_labext.pipeline.worker_process import PACKAGE_ROOT, Worker
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.faulty import cut, slowly, status

from .conftest import ROOMY, Resize
from .invariants import Contents, Watch, contents, kill
from .packages import Channel, packages
from .points import points

MADE = packages()


@pytest.fixture
def channel() -> Iterator[Channel]:
    """A channel with some packages."""
    with (running := Channel(MADE)):
        yield running


@pytest.fixture
def file(channel: Channel, tmp_path: Path) -> Path:
    """A lockfile of all its packages."""
    path = tmp_path / "conda-lock.yml"
    path.write_text(channel.lockfile())
    return path


@pytest.fixture
def job(file: Path, disk: EnvironmentStore) -> FileJob:
    """The job of making a copy of the lockfile."""
    return replace(file_job(file, disk.root, "made"), limits=Limits(spare=0))


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """The contents of a copy where nothing happens."""
    folder = tmp_path_factory.mktemp("whole")
    with Channel(MADE) as running:
        (folder / "conda-lock.yml").write_text(running.lockfile())
        job = file_job(folder / "conda-lock.yml", folder / "store", "made")
        return told_apart(contents(Worker(module=WORKER).run(job).prefix))


def told_apart(entries: Contents) -> Contents:
    """Return contents without the records, which say when a copy was made and from which port."""
    return {path: entry for path, entry in entries.items() if not path.startswith("conda-meta/")}


class WatchLinked(Watch):
    """Looks at copies of packages, whose records are not compared."""

    def visible_is_whole(self, ready: int | None = None) -> None:
        """Check that what can be seen is complete."""
        copies = self.store.list()
        assert ready in (None, len(copies))
        for copy in copies:
            assert told_apart(contents(copy.prefix)) == self._whole
            assert len(list((copy.prefix / "conda-meta").glob("*.json"))) == len(MADE)
        # a package that is here is the one that was locked, whatever happened
        for package in (self.store.home / "p").glob("*.conda"):
            assert package.stem == _sha256(package.read_bytes())


@pytest.fixture
def eyes(disk: EnvironmentStore, linked: Contents, tmp_path: Path, watch: Watch) -> WatchLinked:
    """A look at the disk and the processes."""
    return WatchLinked(disk, tmp_path / "data", linked, watch.mark)


@points(4)
def test_kill(chance: random.Random, job: FileJob, channel: Channel, eyes: WatchLinked) -> None:
    channel.package_faults = [slowly(channel.size / 0.3)] * len(MADE)
    where, at = chance.choice(("byte", "byte", "file", "step")), chance.random()
    step = chance.choice((Step.PREFIX, Step.PUBLISH))

    def look(progress: Progress) -> None:
        if (
            (where == "byte" and progress.bytes_done >= at * channel.size)
            or (where == "file" and progress.files >= at * 28 * len(MADE))
            or (where == "step" and progress.step is step)
        ):
            kill(eyes.processes())

    message = None
    try:
        Worker(module=WORKER).run(job, look)
    except WorkerDied as error:
        message = error.message
    eyes.after(message, ready=0 if message else 1)
    if not message:  # it was faster, or killed between publishing and saying so
        eyes.store.remove(eyes.store.list()[0].key)
    complete = {path.stem for path in (eyes.store.home / "p").glob("*.conda")}
    channel.given.clear()
    channel.package_faults = []
    Worker(module=WORKER).run(job)
    eyes.after(ready=1)
    # what had come is not asked for again
    asked = {path for path, first in channel.given}
    assert not {path for path, data in channel.files.items() if _sha256(data) in complete} & asked


@points(4)
def test_connections_that_break_are_gone_on_with(
    chance: random.Random, job: FileJob, channel: Channel, eyes: WatchLinked
) -> None:
    smallest = min(map(len, channel.files.values()))
    channel.package_faults = [
        chance.choice((cut(chance.randrange(smallest)), status(503), cut(chance.randrange(smallest))))
        for _ in range(chance.randrange(1, 12))
    ]
    Worker(module=WORKER).run(job)
    eyes.after(ready=1)
    resumed = [first for _, first in channel.given if first]
    whole = Counter(path for path, first in channel.given if not first)
    assert len(resumed) + sum(whole.values()) >= len(MADE)


def test_what_broke_off_goes_on_by_range(job: FileJob, channel: Channel, eyes: WatchLinked) -> None:
    channel.package_faults = [cut(400)] * 5
    Worker(module=WORKER).run(job)
    eyes.after(ready=1)
    assert sorted(first for _, first in channel.given if first) == [400] * 5
    assert Counter(path for path, first in channel.given if not first) == dict.fromkeys(channel.files, 1)


def test_a_channel_that_breaks_off_for_good_is_said(
    job: FileJob, channel: Channel, eyes: WatchLinked
) -> None:
    channel.package_faults = [status(500)] * 500
    with pytest.raises(PackageUnavailable, match="does not answer, or breaks off again and again") as raised:
        Worker(module=WORKER).run(job)
    eyes.after(raised.value.message, ready=0)
    channel.package_faults = []
    Worker(module=WORKER).run(job)
    eyes.after(ready=1)


@points(4)
def test_disk_full(
    chance: random.Random, resize: tuple[Path, Resize], file: Path, linked: Contents, watch: Watch
) -> None:
    folder, change = resize
    change(ROOMY)
    job = replace(file_job(file, folder / "packages", "made"), limits=Limits(spare=0))
    eyes = WatchLinked(EnvironmentStore(job.root), folder / "data", linked, watch.mark)
    if chance.random() < 0.8:
        change(f"size={chance.randrange(60, 6_000)}k,nr_inodes=100000")
    else:
        change(f"size=256m,nr_inodes={chance.randrange(40, 300)}")
    error = None
    try:
        Worker(module=WORKER).run(job)
    except CondaStoreLabError as raised:
        error = raised
    assert error is None or type(error) is DiskFull, error
    eyes.after(error.message if error else None, ready=0 if error else 1)
    change(ROOMY)
    Worker(module=WORKER).run(job)
    eyes.after(ready=1)
    subprocess.run(["rm", "-rf", job.root], check=True)


PULL = """
import sys
from pathlib import Path
from conda_store_labext.pipeline.packages.job import WORKER
from conda_store_labext.pipeline.packages.local_file import file_job
from conda_store_labext.pipeline.worker_process import Worker
for name in sys.argv[3:]:
    print(Worker(module=WORKER).run(file_job(Path(sys.argv[1]), Path(sys.argv[2]), name)).key, flush=True)
"""


def test_a_crowd_of_processes_fetches_each_package_once(
    file: Path, channel: Channel, eyes: WatchLinked
) -> None:
    """Six at the same moment want one environment, and then each another one; two are killed."""
    channel.package_faults = [slowly(channel.size / 0.5)] * len(MADE)

    def run(number: int) -> int:
        arguments = [str(file), str(eyes.store.root), "made", f"made{number}"]
        process = subprocess.Popen(
            [sys.executable, "-c", PULL, *arguments], stdout=subprocess.PIPE, cwd=PACKAGE_ROOT
        )
        timer = threading.Timer(0.2 + 0.4 * number, process.kill)
        if number < 2:
            timer.start()
        process.communicate()
        timer.cancel()
        return process.returncode

    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(run, range(6)))
    assert codes[2:] == [0] * 4
    names = {copy.environment for copy in eyes.store.list()}
    assert names >= {"made", *(f"made{number}" for number in range(2, 6))}
    whole = Counter(path for path, first in channel.given if not first)
    assert set(whole) == set(channel.files)
    # whoever was killed in the middle of a package left its bytes to the next one
    assert sum(whole.values()) <= len(MADE) + 2 * 5
    eyes.visible_is_whole()


@pytest.mark.parametrize("way", ["wrong", "cut"])
def test_what_lies_in_the_packages_folder_is_looked_at(
    way: str, job: FileJob, channel: Channel, eyes: WatchLinked
) -> None:
    eyes.store.home.mkdir(parents=True)
    (eyes.store.home / "p").mkdir()
    for data in channel.files.values():
        wrong = b"x" * (len(data) + 10) if way == "wrong" else data[: len(data) // 2]
        (eyes.store.home / "p" / f"{_sha256(data)}.part").write_bytes(wrong)
    Worker(module=WORKER).run(job)
    eyes.after(ready=1)
    firsts = {first for _, first in channel.given}
    assert (0 in firsts) is (way == "wrong")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
