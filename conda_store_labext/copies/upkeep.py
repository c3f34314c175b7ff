"""Upkeep of copies that are in use, in a process of its own that ends with this one."""

from __future__ import annotations

import subprocess
import threading
from contextlib import suppress
from pathlib import Path

from ..errors import WorkerDied
from ..pipeline.packages.upkeep import MODULE, lacks_bytecode, undone
from ..pipeline.worker_process import start_module
from ..store.store import EnvironmentStore

QUIET = 20.0  # seconds after the last fetched copy, in which its kernel starts and runs its first cells
GRACE = 5.0  # seconds in which the process ends by itself


class Upkeep:
    """Has byte code made of what was fetched by its packages: later, or now where somebody waits for it.

    Safe to use from several threads.
    """

    def __init__(self, root: Path, quiet: float = QUIET) -> None:
        self._store = EnvironmentStore(root)
        self._quiet = quiet
        self._timer: threading.Timer | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()

    def later(self) -> None:
        """Do what there is to do once it has been quiet, again from now on."""
        with self._lock:
            if self._timer:
                self._timer.cancel()
            if not self._closed:
                self._timer = threading.Timer(self._quiet, self._run)
                self._timer.daemon = True
                self._timer.start()

    def now(self, key: str) -> None:
        """Have all byte code of a copy made before this returns."""
        if lacks_bytecode(self._store, key):
            self._run(key)

    def close(self) -> None:
        """End what is under way; another time somebody goes on with it."""
        with self._lock:
            self._closed = True
            if self._timer:
                self._timer.cancel()
            if self._process:
                assert self._process.stdin is not None
                self._process.stdin.close()
        with self._one_at_a_time:
            pass

    def _run(self, *keys: str) -> None:
        with self._one_at_a_time, suppress(WorkerDied):
            with self._lock:
                if self._closed or not (keys or any(undone(self._store))):
                    return
                process = self._process = start_module(MODULE, str(self._store.root), *keys)
            try:
                while process.poll() is None:
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(GRACE)
                    self._kill_if_closed(process)
            finally:
                with self._lock, suppress(OSError):
                    self._process = None
                    for pipe in (process.stdin, process.stdout):
                        if pipe:
                            pipe.close()

    def _kill_if_closed(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            if self._closed and process.poll() is None:
                process.kill()
