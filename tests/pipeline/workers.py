"""Workers that have to fail or to succeed, and what they leave."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from conda_store_labext.errors import CondaStoreLabError
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.worker_process import PACKAGE_ROOT, WORKER, Worker
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore


def left_over(disk: EnvironmentStore) -> list[str]:
    """Return what is on disk besides locks and the cache tag."""
    return sorted(
        str(path.relative_to(disk.home)) for name in "emst" for path in (disk.home / name).glob("*")
    )


def running_workers() -> list[psutil.Process]:
    """Return the workers among this process's children that have not ended."""
    workers = []
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            while not (command := child.cmdline()):  # it is just becoming another program
                time.sleep(0.01)
            if WORKER in command:
                workers.append(child)
    return workers


def parent(code: str) -> subprocess.Popen[str]:
    """Start another Python that runs some code with this package, and speaks by its standard streams."""
    command = [sys.executable, "-c", code]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=PACKAGE_ROOT)


def open_files() -> int:
    """Return how many files and pipes this process has open; the server's sockets live in it as well."""
    targets = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            targets.append(str(link.readlink()))
    return sum(not target.startswith("socket:") for target in targets)


def failing(
    job: Job, error: type[CondaStoreLabError], match: str = "; (try again|free some|rebuild|correct)"
) -> None:
    """Run a job that has to fail, leave nothing, and keep its secret."""
    descriptors = open_files()
    with pytest.raises(error, match=match) as raised:
        Worker().run(job)
    assert type(raised.value) is error
    assert job.connection.token not in str(raised.value)
    assert str(raised.value).endswith(".")
    assert left_over(EnvironmentStore(job.root)) == []
    assert running_workers() == []
    assert open_files() == descriptors


def working(job: Job) -> StoredCopy:
    """Run a job that has to succeed, and look at what it made."""
    made = Worker().run(job)
    disk = EnvironmentStore(job.root)
    assert disk.get(made.key) == made
    assert left_over(disk) == [f"e/{made.key}", f"m/{made.key}.json"]
    assert (made.prefix / "etc" / "demo.conf").read_text().startswith(f"root = {made.prefix}\n")
    return made
