"""Cancelling a job wherever it is: it ends soon, and nothing is left of it."""

from __future__ import annotations

import subprocess
import threading
from dataclasses import replace

import pytest

from conda_store_labext.errors import (
    Cancelled,
)
from conda_store_labext.pipeline import worker_process
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.worker_process import Worker
from conda_store_labext.store.store import EnvironmentStore

from .faulty import PATIENCE, FaultyServer, stall, trickle
from .workers import left_over, running_workers, working


def test_cancel(job: Job, server: FaultyServer, disk: EnvironmentStore) -> None:
    server.faults = [trickle(threading.Event())]
    cancelled = threading.Event()
    with pytest.raises(Cancelled):
        Worker().run(job, lambda progress: cancelled.set() if progress.files else None, cancelled)
    assert left_over(disk) == []
    assert running_workers() == []
    working(job)


def test_cancel_while_nothing_comes(
    job: Job, server: FaultyServer, disk: EnvironmentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends by itself and does not have to be killed."""
    killed: list[subprocess.Popen[bytes]] = []
    monkeypatch.setattr(subprocess.Popen, "kill", killed.append)
    monkeypatch.setattr(worker_process, "GRACE", PATIENCE)
    server.faults = [stall(500_000)]
    cancelled = threading.Event()
    threading.Timer(1, cancelled.set).start()
    with pytest.raises(Cancelled):
        Worker().run(replace(job, connection=replace(job.connection, timeout=300)), cancelled=cancelled)
    assert not killed
    assert left_over(disk) == []


def test_cancel_while_another_process_makes_it(job: Job, disk: EnvironmentStore) -> None:
    cancelled = threading.Event()
    threading.Timer(0.7, cancelled.set).start()
    with disk.lock(job.build.copy_key), pytest.raises(Cancelled):
        Worker().run(job, cancelled=cancelled)
