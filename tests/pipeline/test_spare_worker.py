"""A worker process started before there is a job for it: used, replaced when dead, never left behind."""

from __future__ import annotations

import threading

import psutil

from conda_store_labext.pipeline.job import Job, Progress
from conda_store_labext.pipeline.worker_process import Worker

from .faulty import PATIENCE, FaultyServer, trickle
from .workers import parent, running_workers, working

PARENT = """
import sys
from conda_store_labext.pipeline.worker_process import Worker
worker = Worker()
worker.prepare()
print("ready", flush=True)
sys.stdin.read()
"""


class Look:
    """Sees the processes of workers while a job is under way, and lets the job go on then."""

    def __init__(self, server: FaultyServer) -> None:
        self.seen: set[int] = set()
        self._looked = threading.Event()
        server.faults = [trickle(self._looked)]

    def __call__(self, progress: Progress) -> None:
        self.seen.update(child.pid for child in running_workers())
        if progress.bytes_done:
            self._looked.set()


def test_the_next_job_gets_it(job: Job, server: FaultyServer) -> None:
    worker = Worker()
    worker.prepare()
    worker.prepare()
    (spare,) = running_workers()
    look = Look(server)
    made = worker.run(job, look)
    assert look.seen == {spare.pid}
    assert running_workers() == []
    assert worker.run(job) == made == working(job)


def test_closing_ends_it(job: Job) -> None:
    worker = Worker()
    worker.prepare()
    worker.close()
    assert running_workers() == []
    worker.close()
    worker.run(job)


def test_one_that_was_killed_is_not_missed(job: Job) -> None:
    worker = Worker()
    worker.prepare()
    (spare,) = running_workers()
    spare.kill()
    spare.wait(PATIENCE)
    worker.run(job)
    assert running_workers() == []


def test_one_that_may_end_any_moment_is_replaced(job: Job, server: FaultyServer) -> None:
    worker = Worker(kept_for=0)
    worker.prepare()
    (spare,) = running_workers()
    worker.prepare()
    (other,) = running_workers()
    assert other.pid != spare.pid
    look = Look(server)
    worker.run(job, look)
    assert look.seen
    assert look.seen.isdisjoint({spare.pid, other.pid})
    assert running_workers() == []


def test_it_ends_with_its_parent() -> None:
    with parent(PARENT) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        (spare,) = psutil.Process(process.pid).children()
        process.kill()
        spare.wait(PATIENCE)
    assert running_workers() == []
