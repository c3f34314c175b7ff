"""Measures of a run: seconds, processor time, memory, disk."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PAUSE = 0.02  # seconds between two looks at the memory


@dataclass(frozen=True)
class Sample:
    """One run: `seconds` on the clock, `cpu` seconds of this process and its children."""

    seconds: float
    cpu: float


@dataclass(frozen=True)
class Summary:
    """Medians of some runs; `peak` memory and `disk` in bytes, None where they mean nothing."""

    seconds: float
    fastest: float
    cpu: float
    peak: int | None = None
    disk: int | None = None


def timed(run: Callable[[], object]) -> Sample:
    """Run something and return what it took."""
    before, start = _cpu(), time.perf_counter()
    run()
    return Sample(time.perf_counter() - start, _cpu() - before)


def summary(samples: list[Sample], peak: int | None = None, disk: int | None = None) -> Summary:
    """Return the medians of samples."""
    seconds = [sample.seconds for sample in samples]
    return Summary(median(seconds), min(seconds), median(sample.cpu for sample in samples), peak, disk)


def peak_of(run: Callable[[], object], others: frozenset[int]) -> int:
    """Run something; return the most memory (resident, bytes) that its processes had, without `others`.

    This process itself stands for whoever waits, and does not count.
    """
    most, done = 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(PAUSE):
            most = max(most, sum(map(_resident, descendants(others=others))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        run()
    finally:
        done.set()
        watcher.join()
    return most


def interpreter() -> int:
    """Return the memory (resident, bytes) of a Python that does nothing."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as idle:
        time.sleep(1.0)
        size = _resident(idle.pid)
        idle.communicate(b"\n")
    return size


def on_disk(folder: Path) -> int:
    """Return how many bytes the files of a folder take, each file counted once however many names it has."""
    sizes: dict[tuple[int, int], int] = {}
    for top, _, names in os.walk(folder):
        for name in names:
            status = Path(top, name).lstat()
            sizes[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(sizes.values())


def _cpu() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def descendants(pid: int | None = None, others: frozenset[int] = frozenset()) -> frozenset[int]:
    """Return the processes that a process (this one by default) has started, and theirs.

    Left out are `others` and what those start: a conda-store forks while it is asked, too.
    """
    processes: set[int] = set()
    try:
        for task in Path(f"/proc/{pid or os.getpid()}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                processes |= {child, *descendants(child, others)} if child not in others else set()
    except OSError:
        pass  # it has just ended
    return frozenset(processes)


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * resource.getpagesize()
