"""Invariants after everything that may happen: whole or invisible, nothing left over, one sentence."""

from __future__ import annotations

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.store.lock import FileLock
from conda_store_labext.store.store import EnvironmentStore
from tests.pipeline.archives import snapshot
from tests.stores import PATIENCE

MARK = "CONDA_STORE_LABEXT_TEST_MARK"
SENTENCE = re.compile(r"[^\n]{20,600}[;:,] [^\n]+\.")

Contents = dict[str, tuple[int, "str | bytes | None"]]


def contents(prefix: Path) -> Contents:
    """Return an environment's files with `@` for its own path and one NUL for many."""
    own = os.fsencode(prefix)
    return {
        path: (mode, re.sub(rb"\0+", b"\0", what.replace(own, b"@")) if isinstance(what, bytes) else what)
        for path, (mode, what) in snapshot(prefix).items()
    }


def is_sentence(message: str) -> bool:
    """Tell whether a message says in one sentence what happened and what to do next."""
    return bool(SENTENCE.fullmatch(message)) and "Traceback" not in message


def descriptors() -> list[str]:
    """Return what this process has open; sockets and epoll files belong to the test's own server as well."""
    targets = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            targets.append(str(link.readlink()))
    return sorted(target for target in targets if not target.startswith("socket:"))


def marked(mark: str) -> list[int]:
    """Return the processes, this one left out, that were started with MARK set to `mark` and still run."""
    wanted, processes = f"{MARK}={mark}".encode(), []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with suppress(OSError):
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    processes.append(int(entry.name))
    return processes


def kill(pids: list[int], how: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to processes, some of which may have gone."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, how)


def wait_for(true: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Return whether something becomes true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def children() -> dict[int, bool]:
    """Return this process's children and whether each has ended without that anybody asked after it."""
    zombies = {}
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            zombies[child.pid] = child.status() == psutil.STATUS_ZOMBIE
    return zombies


class Watch:
    """Looks at a store, a kernelspec folder and this process after something happened to them.

    `whole` is what a complete environment holds, as `contents` gives it; `wanted` processes may go on.
    """

    def __init__(self, store: EnvironmentStore, data: Path, whole: Contents, mark: str) -> None:
        self.store = store
        self.data = data
        self.mark = mark
        self.wanted: set[int] = set()
        self._whole = whole
        self.begin()

    def begin(self) -> None:
        """Take what is open now for what may be open."""
        self._descriptors = descriptors()
        self._children = set(children())  # some of which may end on their own, unasked after

    def processes(self) -> list[int]:
        """Return what was started here and still runs, unless it is wanted."""
        return [pid for pid in marked(self.mark) if pid not in self.wanted]

    def after(self, message: str | None = None, *, ready: int | None = None, swept: bool = True) -> None:
        """Check that all is as it should be; `message` is what the failure said.

        `ready` is how many environments there must be. `swept` is false when everybody who could clean up
        was killed: then leftovers may lie about, out of sight, until the next run.
        """
        if message is not None:
            assert is_sentence(message), message
        self.visible_is_whole(ready)
        if swept:
            self.nothing_is_left()

    def visible_is_whole(self, ready: int | None = None) -> None:
        """Check that what can be seen is complete: environments, and kernelspecs of such only."""
        copies = self.store.list()
        assert ready in (None, len(copies))
        assert _names(self.store.home / "e") == [copy.key for copy in copies]
        for copy in copies:
            assert contents(copy.prefix) == self._whole
            assert copy.files == sum(what is not None for _, what in self._whole.values())
        kernels = self.data / "kernels"
        assert set(KernelspecRegistry(kernels).registered()) <= {copy.key for copy in copies}
        for folder in kernels.glob("*"):
            assert (folder / "kernel.json").stat().st_size > 100

    def nothing_is_left(self) -> None:
        """Check that no file, process, lock or descriptor is left over."""
        # a server that goes on may keep one worker ready
        assert wait_for(lambda: len(self.processes()) <= len(self.wanted)), self.processes()
        assert _names(self.store.home / "s") == []
        assert wait_for(lambda: _names(self.store.home / "t") == [])  # deleted in the background
        assert set(_names(self.store.home / "m")) <= {f"{copy.key}.json" for copy in self.store.list()}
        assert list(self.data.glob(".conda-store-kernelspec-*/")) == []
        for path in (self.store.home / "l").glob("*.lock"):
            lock = FileLock(path)
            assert wait_for(lock.try_acquire), path
            lock.release()
        wait_for(lambda: len(descriptors()) <= len(self._descriptors))
        left = Counter(descriptors()) - Counter(self._descriptors)
        assert not left, left
        assert not [pid for pid, ended in children().items() if ended and pid not in self._children]


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
