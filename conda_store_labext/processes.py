"""Which processes run from inside a folder: what must not be pulled from under them."""

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
    try:
        entries = list(os.scandir(PROC))
    except OSError:
        yield from _listed(folder)
        return
    for entry in entries:
        if not entry.name.isdigit():
            continue
        try:
            program = (PROC / entry.name / "exe").readlink()
        except OSError:
            continue
        if program.is_relative_to(folder):
            yield int(entry.name)


def _listed(folder: Path) -> Iterator[int]:
    try:
        done = subprocess.run(["ps", "-axo", "pid=,comm="], capture_output=True, text=True, check=False)
    except OSError:
        return
    for line in done.stdout.splitlines():
        number, _, program = line.strip().partition(" ")
        if number.isdigit() and Path(program.strip()).is_relative_to(folder):
            yield int(number)
