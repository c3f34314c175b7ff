"""The processes that run from a folder: what must not be pulled from under them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from .layout import COMPILING


def running_in(folder: Path) -> Iterator[int]:
    """Yield the ids of this machine's processes whose program lies in `folder`.

    Only those that this user may look at, and not those that make byte code, which nobody minds to lose.
    """
    for process in psutil.process_iter(["exe"]):
        program = process.info["exe"]
        if program and Path(program).is_relative_to(folder):
            with suppress(psutil.Error):
                if COMPILING not in process.cmdline():
                    yield process.pid


def started_from(folder: Path) -> Iterator[int]:
    """Yield the ids of this machine's processes whose command is a file of `folder`, a link included.

    A virtual environment's Python is a link, so that its process's program lies elsewhere.
    """
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"]
        if command and Path(command[0]).is_relative_to(folder):
            yield process.pid
