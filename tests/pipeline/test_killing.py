"""A worker or its parent is killed: nothing half-made is ever seen, and the next one sweeps."""

from __future__ import annotations

import random
import signal
import threading
from contextlib import suppress
from dataclasses import replace

import pytest

from conda_store_labext.errors import WorkerDied
from conda_store_labext.pipeline.job import Job, Progress
from conda_store_labext.pipeline.worker_process import Worker
from conda_store_labext.store.store import EnvironmentStore

from .faulty import PATIENCE, FaultyServer, slowly, trickle
from .workers import left_over, parent, running_workers, working


@pytest.mark.parametrize("point", range(4))
def test_killed(job: Job, server: FaultyServer, disk: EnvironmentStore, point: int) -> None:
    chance = random.Random(point)
    server.faults = [slowly(4_000_000)]
    kill_at = chance.randrange(1, 3_000_000)

    def kill(progress: Progress) -> None:
        if progress.bytes_done >= kill_at:
            for child in running_workers():
                child.kill()

    with suppress(WorkerDied):  # it may have been faster than the kill
        Worker().run(job, kill)
        disk.remove(job.build.copy_key)
    assert left_over(disk) == []
    working(job)


PARENT = """
import sys
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.worker_process import Worker
Worker().run(Job.from_line(sys.stdin.readline()), lambda progress: print(progress.files, flush=True))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_parent_dies(job: Job, server: FaultyServer, disk: EnvironmentStore, how: signal.Signals) -> None:
    struck = threading.Event()
    server.faults = [trickle(struck)]
    with parent(PARENT) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(job.to_line())
        process.stdin.flush()
        while int(process.stdout.readline()) < 3:
            pass
        (child,) = running_workers()
        process.send_signal(how)
        child.wait(PATIENCE)
        struck.set()
    assert left_over(disk) == []
    working(job)


def test_what_a_killed_worker_leaves_is_invisible_and_swept(
    job: Job, server: FaultyServer, disk: EnvironmentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EnvironmentStore, "sweep", lambda self: None)  # as if the parent had died as well
    struck = threading.Event()
    server.faults = [trickle(struck)]

    def kill(progress: Progress) -> None:
        if progress.files:
            for child in running_workers():
                child.kill()
            struck.set()

    with pytest.raises(WorkerDied, match="was killed"):
        Worker().run(job, kill)
    key = job.build.copy_key
    assert left_over(disk) == [f"s/{key}"]
    assert disk.list() == ()
    assert disk.get(key) is None
    working(replace(job, build=replace(job.build, build_id=8, environment="other")))
    assert not (disk.home / "s" / key).exists()
