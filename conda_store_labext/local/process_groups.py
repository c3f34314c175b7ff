"""Processes by more than their number: a recycled id is not believed, and a group ends as a whole."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

# The local store's root, in the environment of each process that belongs to it.
MARK = "CONDA_STORE_LABEXT_LOCAL_ROOT"
CLOCK_SECONDS = 2.0  # by which the start of a process may seem to move when the machine's clock is set


@dataclass(frozen=True)
class ProcessId:
    """A process: its number, and when it started in seconds since 1970."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> ProcessId:
        """Identify a process that runs now; one that has ended never counts as running."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return cls(pid, 0.0)

    def is_running(self) -> bool:
        """Tell whether this very process still runs; one that ended and was not waited for does not."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < CLOCK_SECONDS
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


def end_group(group: int, patience: float) -> None:
    """End a process group: TERM, and KILL for what is left of it after `patience` seconds."""
    if _signal_group(group, signal.SIGTERM):
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and any(_alive_in(group)):
            time.sleep(0.05)
        _signal_group(group, signal.SIGKILL)


def end_leftovers(root: Path) -> None:
    """Kill what a supervisor that died left of a store's processes, which their environment tells."""
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK) == str(root):
                process.kill()


def _alive_in(group: int) -> Iterator[int]:
    """Yield the group's processes that have not ended yet, this one left out."""
    for process in psutil.process_iter(["status"]):
        with suppress(OSError):
            ended = process.info["status"] == psutil.STATUS_ZOMBIE
            if os.getpgid(process.pid) == group and not ended and process.pid != os.getpid():
                yield process.pid


def _signal_group(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
