"""Processes by more than their number: a recycled id is not believed, and a group ends as a whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..store.processes import PROC, process_ids

# The local store's root, in the environment of each process that belongs to it.
MARK = "CONDA_STORE_LABEXT_LOCAL_ROOT"


@dataclass(frozen=True)
class ProcessId:
    """A process: its number, and when it started in the system's own terms."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> ProcessId:
        """Identify a process that runs now."""
        return cls(pid, _start_mark(pid) or "")

    def is_running(self) -> bool:
        """Tell whether this very process still runs; one that ended and was not waited for does not."""
        return bool(self.started) and _start_mark(self.pid) == self.started


def end_group(group: int, patience: float) -> None:
    """End a process group: TERM, and KILL for what is left of it after `patience` seconds."""
    if _signal_group(group, signal.SIGTERM):
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and any(_alive_in(group)):
            time.sleep(0.05)
        _signal_group(group, signal.SIGKILL)


def end_leftovers(root: Path, leader: ProcessId | None) -> None:
    """Kill what a supervisor that died left of a store's processes.

    Linux tells which they are by their environment; elsewhere it is the group of the server, if that runs.
    """
    mark = f"{MARK}={root}".encode()
    for pid in process_ids():
        try:
            if pid != os.getpid() and mark in (PROC / str(pid) / "environ").read_bytes().split(b"\0"):
                os.kill(pid, signal.SIGKILL)
        except OSError:
            continue
    if not PROC.is_dir() and leader and leader.is_running():
        _signal_group(leader.pid, signal.SIGKILL)


def _alive_in(group: int) -> Iterator[int]:
    """Yield the group's processes that have not ended yet; where there is no /proc, the group's number."""
    if not PROC.is_dir():
        if _signal_group(group, 0):
            yield group
        return
    for pid in process_ids():
        fields = _stat(pid)
        if fields and fields[2] == str(group) and fields[0] != "Z" and pid != os.getpid():
            yield pid


def _signal_group(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/<pid>/stat from the state on (proc(5): state, ppid, pgrp, ...)."""
    try:
        return (
            (PROC / str(pid) / "stat")
            .read_text(encoding="utf-8", errors="replace")
            .rpartition(")")[2]
            .split()
        )
    except OSError:
        return []


def _start_mark(pid: int) -> str | None:
    """Return when a process started, unlike any other's with its number; null when it is over."""
    if PROC.is_dir():
        fields = _stat(pid)
        boot = (PROC / "sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
        return f"{boot} {fields[19]}" if fields and fields[0] != "Z" else None
    if sys.platform == "win32":
        return None
    command = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
    line = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return line.partition(" ")[2] if line and not line.startswith("Z") else None
