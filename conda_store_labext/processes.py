"""Which processes run from inside a folder: what must not be pulled from under them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def running_in(folder: Path) -> Iterator[int]:
    """Yield the ids of this machine's processes whose program lies in `folder`.

    Only those that this user may look at, and none where the system has no /proc (macOS).
    """
    try:
        entries = list(os.scandir(PROC))
    except OSError:
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
