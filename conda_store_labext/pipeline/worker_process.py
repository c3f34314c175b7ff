"""The parent's side of the worker process."""

from __future__ import annotations

import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..errors import Cancelled, CondaStoreLabError, WorkerDied
from ..errors.os_errors import exhausted
from ..models import Step
from ..store.records import StoredCopy
from ..store.store import EnvironmentStore
from .job import Progress, Task, of_this_version

GRACE = 30.0  # seconds that a cancelled worker has for removing what it wrote
KEPT_FOR = 540.0  # seconds for which a process is kept ready: less than it waits by itself
POLL = 0.1  # seconds between two looks at whether it was cancelled
WORKER = "conda_store_labext.pipeline.worker"
log = logging.getLogger(__name__)

PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])


def start_module(module: str, *arguments: str, python: str = sys.executable) -> subprocess.Popen[bytes]:
    """Run a module of this package in a process of its own, with pipes to and from it; WorkerDied."""
    # glibc gives each thread a heap of its own otherwise, and what one freed no other can have
    environment = {"MALLOC_ARENA_MAX": "1", **os.environ}
    if PACKAGE_ROOT not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        # run from a checkout: the child has to find it too
        path = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = f"{path}{os.pathsep}{PACKAGE_ROOT}" if path else PACKAGE_ROOT
    try:
        return subprocess.Popen(
            [python, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd="/",  # -m puts the working folder first on the path: not one that holds a user's modules
            start_new_session=True,
        )
    except OSError as error:
        why = "too many files are open" if exhausted(error) else error.strerror or type(error).__name__
        raise WorkerDied(
            f"The process that downloads the environment cannot be started ({why}); "
            "close some programs or raise the limits (ulimit), then try again."
        ) from error


class Worker:
    """Runs each job in a process of its own, of the module `module` run by the interpreter `python`.

    For any number of threads. One process may be kept ready (`prepare`) for whichever job comes next, for
    `kept_for` seconds.
    """

    def __init__(
        self, python: str = sys.executable, kept_for: float = KEPT_FOR, module: str = WORKER
    ) -> None:
        self._python = python
        self._module = module
        self._kept_for = kept_for
        self._lock = threading.Lock()
        self._spare: subprocess.Popen[bytes] | None = None
        self._stale_at = 0.0

    def prepare(self) -> None:
        """Have a process ready for the next job, whose start is then saved; it gives up by itself later.

        To be called as soon as a job is likely; what goes wrong is left for the job to find out.
        """
        with self._lock, suppress(OSError):
            if self._fresh() is None:
                self._drop()
                self._spare, self._stale_at = self._start(), time.monotonic() + self._kept_for

    def close(self) -> None:
        """End the process that was kept ready, if there is one; jobs under way go on."""
        with self._lock:
            self._drop()

    def run(
        self,
        job: Task,
        on_progress: Callable[[Progress], None] = lambda progress: None,
        cancelled: threading.Event | None = None,
    ) -> StoredCopy:
        """Return the environment; `on_progress` is called from this thread, blocking.

        Raises Cancelled soon after `cancelled` is set, WorkerDied if the process was killed, and whatever
        CondaStoreLabError the job ended with.
        """
        process = self._take() or self._start()
        try:
            for message in self._messages(process, job, cancelled or threading.Event()):
                if "log" in message:
                    log.warning("%s: %s", job.build, message["log"])
                    continue
                answer = _read(message)
                if isinstance(answer, CondaStoreLabError):
                    raise answer
                if isinstance(answer, StoredCopy):
                    return answer
                on_progress(answer)
        finally:
            _end(process)
        if cancelled is not None and cancelled.is_set():
            raise Cancelled("The download was cancelled; start it again whenever you like.")
        store = EnvironmentStore(job.root)
        store.sweep()
        published = store.local(job.build.copy_key)
        if published is not None:  # it died before it could say so
            return published
        raise WorkerDied(_how_it_died(process.returncode))

    def _take(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            process = self._fresh()
            if process is None:
                self._drop()
            self._spare = None
            return process

    def _fresh(self) -> subprocess.Popen[bytes] | None:
        """Return the process that was kept ready, unless it has ended or may do so any moment."""
        usable = self._spare and self._spare.poll() is None and time.monotonic() < self._stale_at
        return self._spare if usable else None

    def _drop(self) -> None:
        if self._spare is not None:
            _end(self._spare)
            self._spare = None

    def _start(self) -> subprocess.Popen[bytes]:
        return start_module(self._module, python=self._python)

    def _messages(
        self, process: subprocess.Popen[bytes], job: Task, cancelled: threading.Event
    ) -> Iterator[dict[str, Any]]:
        """Yield what the worker says until it closes its output."""
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError):  # it died at once: its output ends as well
            process.stdin.write(job.to_line().encode())
            process.stdin.flush()
        kill_at = 0.0
        waiting = b""
        with selectors.PollSelector() as selector:  # unlike epoll it needs no descriptor of its own
            selector.register(process.stdout, selectors.EVENT_READ)
            while True:
                if cancelled.is_set():
                    if not kill_at:
                        process.terminate()
                        kill_at = time.monotonic() + GRACE
                    elif time.monotonic() > kill_at:
                        process.kill()
                if not selector.select(POLL):
                    continue
                data = os.read(process.stdout.fileno(), 65536)
                if not data:
                    return
                *lines, waiting = (waiting + data).split(b"\n")
                yield from map(json.loads, lines)


def _read(message: dict[str, Any]) -> Progress | StoredCopy | CondaStoreLabError:
    with of_this_version():
        if "progress" in message:
            fields = message["progress"]
            return Progress(**{**fields, "step": Step(fields["step"])})
        if "result" in message:
            fields = message["result"]
            return StoredCopy(**{**fields, "prefix": Path(fields["prefix"])})
        return _kind(message["error"]["code"])(message["error"]["message"])


def _end(process: subprocess.Popen[bytes]) -> None:
    """Close the pipes, which makes a worker that still runs clean up and end, and wait for it."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _kind(code: str) -> type[CondaStoreLabError]:
    kinds = [CondaStoreLabError]
    for kind in kinds:
        if kind.code == code:
            return kind
        kinds.extend(kind.__subclasses__())
    return CondaStoreLabError


def _how_it_died(code: int) -> str:
    if code == -signal.SIGKILL:
        how = "was killed (perhaps this machine ran out of memory)"
    elif code < 0:
        how = f"was ended by {signal.Signals(-code).name}"
    else:
        how = f"ended without a message (exit code {code})"
    return f"The process that downloads the environment {how}; try again."
