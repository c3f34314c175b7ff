"""A running git: its output read as it comes, its end brought about with all its children."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

GRACE = 3.0  # seconds that git has to clean up behind itself
_PERCENT = re.compile(r"([A-Z][A-Za-z ]+):\s+(\d+)%")

OnProgress = Callable[[str, int], None]


def size_of(folder: Path, enough: int) -> int:
    """Return how many bytes the files below a folder have, or stop once that is more than `enough`."""
    size = 0
    for parent, _, files in os.walk(folder):
        for name in files:
            with suppress(OSError):
                size += os.lstat(Path(parent, name)).st_size
            if size > enough:
                return size
    return size


class Reader(threading.Thread):
    """Reads a pipe to its end, keeping the first `most` bytes, or the last ones."""

    def __init__(
        self, pipe: IO[bytes] | None, most: int, on_progress: OnProgress | None = None, *, last: bool = False
    ) -> None:
        super().__init__(daemon=True)
        assert pipe is not None
        self.read = bytearray()
        self.overflowed = False
        self._pipe, self._most, self._last, self._on_progress = pipe, most, last, on_progress
        self.start()

    def run(self) -> None:
        """Read until nobody writes any more."""
        with self._pipe as pipe:
            while chunk := os.read(pipe.fileno(), 1 << 16):
                self._tell(chunk)
                self.read += chunk
                if len(self.read) > self._most:
                    self.overflowed = True
                    del self.read[slice(0, -self._most) if self._last else slice(self._most, None)]

    def _tell(self, chunk: bytes) -> None:
        matches = _PERCENT.findall(chunk.decode("utf-8", "replace")) if self._on_progress else None
        if matches and self._on_progress:
            self._on_progress(matches[-1][0].strip(), int(matches[-1][1]))


def feed(process: subprocess.Popen[bytes], given: bytes) -> None:
    """Write git's input and close it."""
    assert process.stdin is not None
    with suppress(OSError), process.stdin as pipe:
        pipe.write(given)


def end(process: subprocess.Popen[bytes]) -> None:
    """End git and its children, letting it take its lock files away first."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
            break
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
