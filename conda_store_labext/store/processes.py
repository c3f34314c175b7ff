"""The processes of a machine, and which run from a folder: what must not be pulled from under them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def running_in(folder: Path) -> Iterator[int]:
    """Yield the ids of this machine's processes whose program lies in `folder`.

    Only those that this user may look at. Where the system has no /proc (macOS), `ps` tells.
    """
    if not PROC.is_dir():
        yield from _listed(folder)
    for pid in process_ids():
        try:
            program = (PROC / str(pid) / "exe").readlink()
        except OSError:
            continue
        if program.is_relative_to(folder):
            yield pid


def started_from(folder: Path) -> Iterator[int]:
    """Yield the ids of this machine's processes whose command is a file of `folder`, a link included.

    A virtual environment's Python is a link, so that its process's program lies elsewhere.
    """
    inside = os.fsencode(folder) + b"/"
    if not PROC.is_dir():
        yield from _listed(folder)
    for pid in process_ids():
        try:
            command = (PROC / str(pid) / "cmdline").read_bytes()
        except OSError:
            continue
        if command.startswith(inside):
            yield pid


def process_ids() -> Iterator[int]:
    """Yield the id of every process of this machine; none where the system has no /proc."""
    try:
        names = [entry.name for entry in os.scandir(PROC)]
    except OSError:
        return
    yield from (int(name) for name in names if name.isdigit())


def _listed(folder: Path) -> Iterator[int]:
    try:
        done = subprocess.run(["ps", "-axo", "pid=,comm="], capture_output=True, text=True, check=False)
    except OSError:
        return
    for line in done.stdout.splitlines():
        number, _, program = line.strip().partition(" ")
        if number.isdigit() and Path(program.strip()).is_relative_to(folder):
            yield int(number)
