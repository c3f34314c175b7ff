"""A disk that is full, a folder that may not be written to, too many open files: at any point of a run."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from conda_store_labext.errors import CacheNotWritable, CondaStoreLabError, DiskFull, UnsafeArchive
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.limits import MIB, Limits
from conda_store_labext.pipeline.worker_process import PACKAGE_ROOT, Worker
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.archives import gz, member, tar, zst
from tests.stores import PATIENCE

from .conftest import ROOMY, Resize
from .invariants import Contents, Watch
from .points import LONG, points
from .upstream import Upstream, without_length


@pytest.fixture
def small(
    resize: tuple[Path, Resize], job: Job, whole: Contents, watch: Watch
) -> Iterator[tuple[Job, Watch, Resize]]:
    """A job for that file system, which is empty, and a look at it."""
    folder, change = resize
    change(ROOMY)
    store = EnvironmentStore(folder / "store")
    yield replace(job, root=store.root), Watch(store, folder / "data", whole, watch.mark), change
    change(ROOMY)
    subprocess.run(["rm", "-rf", store.root], check=True)


def brought(job: Job, python: str = sys.executable) -> CondaStoreLabError | None:
    """Run a job and return the error that it ended with."""
    try:
        Worker(python).run(job)
    except CondaStoreLabError as error:
        return error
    return None


@points(6)
def test_disk_full(chance: random.Random, small: tuple[Job, Watch, Resize], upstream: Upstream) -> None:
    job, watch, resize = small
    upstream.faults = [without_length] if chance.random() < 0.5 else []
    if chance.random() < 0.8:
        resize(f"size={chance.randrange(8, 4_000)}k,nr_inodes=100000")
    else:
        resize(f"size=256m,nr_inodes={chance.randrange(3, 380)}")
    error = brought(job)
    assert error is None or type(error) is DiskFull, error
    watch.after(error.message if error else None, ready=0 if error else 1)
    if not error:
        watch.store.remove(watch.store.list()[0].key)
    resize(ROOMY)
    assert brought(job) is None
    watch.after(ready=1)


@pytest.mark.parametrize("compress", [gz, zst])
def test_a_bomb_is_stopped_before_the_disk_is_full(
    small: tuple[Job, Watch, Resize], upstream: Upstream, compress: Callable[[bytes], bytes]
) -> None:
    job, watch, resize = small
    upstream.body, good = compress(tar(member("zeros", bytes(120 * MIB)))), upstream.body
    assert len(upstream.body) < MIB
    resize("size=100m,nr_inodes=1000")
    error = brought(replace(job, limits=Limits(spare=MIB, unpacked=2**40)))
    # the header says at once that this file will not fit
    assert type(error) is DiskFull, error
    watch.after(error.message, ready=0)
    upstream.body = compress(tar(*(member(f"zeros{number}", bytes(4 * MIB)) for number in range(30))))
    error = brought(replace(job, limits=Limits(spare=MIB)))
    assert type(error) is UnsafeArchive, error
    assert "100 times its size" in error.message
    resize("size=40m,nr_inodes=1000")
    error = brought(replace(job, limits=Limits(spare=MIB)))
    assert type(error) is DiskFull, error
    watch.after(error.message, ready=0)
    upstream.body = good
    assert brought(job) is None
    watch.after(ready=1)


@pytest.fixture
def python(tmp_path: Path) -> Callable[[str], str]:
    """A function that returns a Python whose processes are started through a command."""

    def make(through: str) -> str:
        script = tmp_path / "python"
        script.write_text(f'#!/bin/sh\n{through} {sys.executable} "$@"\n')
        script.chmod(0o755)
        return str(script)

    return make


@pytest.fixture
def unprivileged(python: Callable[[str], str]) -> str:
    """A Python to which permissions apply, although root may start it."""
    return python("exec" if os.geteuid() else "exec setpriv --bounding-set=-all --inh-caps=-all")


@pytest.mark.parametrize("closed", ["", "v1/s", "v1/l", "v1/e", "v1/m"])
def test_no_permission(job: Job, watch: Watch, unprivileged: str, closed: str) -> None:
    job.root.mkdir(parents=True)
    if closed:
        assert brought(job) is None
        watch.store.remove(watch.store.list()[0].key)
        for lock in (watch.store.home / "l").glob("*"):
            lock.unlink()
    (job.root / closed).chmod(0o555)
    error = brought(job, unprivileged)
    assert type(error) is CacheNotWritable, error
    assert str(job.root) in error.message
    assert "Permission denied" in error.message
    watch.after(error.message, ready=0)
    (job.root / closed).chmod(0o755)
    assert brought(job, unprivileged) is None
    watch.after(ready=1)


def test_a_limit_on_the_size_of_files(job: Job, watch: Watch, python: Callable[[str], str]) -> None:
    error = brought(job, python("ulimit -f 20; exec"))
    assert type(error) is CacheNotWritable, error
    watch.after(error.message, ready=0)
    assert brought(job) is None
    watch.after(ready=1)


PYTHON_NEEDS = 6


@pytest.mark.parametrize("most", [4, 6, 8, 9, 10, 11, 12, 13, 15, 20, 30] if LONG else [4, 8, 10, 12, 20])
def test_the_worker_is_out_of_descriptors(
    job: Job, watch: Watch, python: Callable[[str], str], most: int, record_property: Callable[..., None]
) -> None:
    error = brought(job, python(f"ulimit -n {most}; exec"))
    assert error
    record_property("said", error.message)
    watch.after(error.message, ready=0)
    # Python itself does not start with so few
    assert ("exit code" if most < PYTHON_NEEDS else "too many files are open") in error.message
    assert brought(job) is None
    watch.after(ready=1)


STARVED = """
import os, resource, sys
from conda_store_labext.errors import CondaStoreLabError
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.worker_process import Worker
job = Job.from_line(sys.stdin.readline())
before = os.listdir("/proc/self/fd")
limits = resource.getrlimit(resource.RLIMIT_NOFILE)
for more in range(12):
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(before) + more, limits[1]))
    try:
        Worker().run(job)
    except CondaStoreLabError as error:
        print(error)
    else:
        break
resource.setrlimit(resource.RLIMIT_NOFILE, limits)
assert os.listdir("/proc/self/fd") == before
Worker().run(job)
print("works")
"""


def test_the_parent_is_out_of_descriptors(job: Job, watch: Watch) -> None:
    parent = subprocess.run(
        [sys.executable, "-c", STARVED],
        input=job.to_line(),
        capture_output=True,
        text=True,
        cwd=PACKAGE_ROOT,
        timeout=PATIENCE,
    )
    *sentences, last = parent.stdout.splitlines()
    assert last == "works", parent.stderr
    assert sentences
    for sentence in sentences:
        assert "too many files are open" in sentence
        watch.after(sentence)
    watch.after(ready=1)
