"""The worker process: `python -m conda_store_labext.pipeline.worker` does one job and ends.

A module that can do more, as `packages.worker`, gives `main` a function of its own.

The job comes as one line on standard input, credentials included; standard input stays open as long as the
parent lives, and its end means the same as SIGTERM: stop and clean up. Standard output carries JSON lines:
any number of `{"progress": ...}` and `{"log": ...}`, then one `{"result": ...}` or `{"error": {"code",
"message"}}`. A worker that was started in advance and gets no job within ten minutes ends.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from types import FrameType
from typing import BinaryIO

from ..client.client import CondaStoreClient
from ..errors import CondaStoreLabError
from ..store.records import StoredCopy
from ..store.store import EnvironmentStore
from .job import Job, Progress
from .pipeline import Pipeline

PATIENCE = 600.0  # seconds to wait for a job
INTERVAL = 0.2  # seconds between two lines of progress within a step


class Reporter:
    """Writes lines to the parent; progress at most every INTERVAL, a new step at once."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._step: object = None
        self._next = 0.0

    def progress(self, progress: Progress) -> None:
        """Say how far the job has come, unless that was said just now."""
        now = time.monotonic()
        if progress.step is not self._step or now >= self._next:
            self._step, self._next = progress.step, now + INTERVAL
            self.line({"progress": asdict(progress)})

    def result(self, environment: StoredCopy) -> None:
        """Say what was made."""
        self.line({"result": {**asdict(environment), "prefix": str(environment.prefix)}})

    def log(self, text: str) -> None:
        """Have a sentence written into the parent's log."""
        self.line({"log": text})

    def error(self, code: str, message: str) -> None:
        """Say why nothing was made."""
        self.line({"error": {"code": code, "message": message}})

    def line(self, message: dict[str, object]) -> None:
        """Write one line; a parent that no longer reads has gone, as the end of standard input tells."""
        with suppress(BrokenPipeError):
            self._out.write(json.dumps(message).encode() + b"\n")
            self._out.flush()


def work(line: str, reporter: Reporter) -> StoredCopy:
    """Do the job in a line; SIGTERM makes it raise Cancelled."""
    return run_archive(Job.from_line(line), reporter)


def run_archive(job: Job, reporter: Reporter) -> StoredCopy:
    """Bring a build here by its archive."""
    client = CondaStoreClient(job.connection)
    source = partial(client.open_artifact, job.build.build_id, "archive")
    store = EnvironmentStore(job.root)
    pipeline = Pipeline(store, source, job.limits, report=reporter.progress, share=job.share)
    cancel_by_signal(pipeline.cancel)
    return pipeline.run(job.build, job.variables)


def cancel_by_signal(cancel: Callable[[], None]) -> None:
    """Have SIGTERM call a function."""

    def called(number: int, frame: FrameType | None) -> None:
        cancel()

    signal.signal(signal.SIGTERM, called)


def main(work: Callable[[str, Reporter], StoredCopy] = work) -> int:
    """Read the job, have `work` do it, say what came of it; 0 if it went well."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the parent
    os.umask(0o022)  # the store's folder decides who may look inside
    if not select.select([0], [], [], PATIENCE)[0]:
        return 0
    line = sys.stdin.buffer.readline().decode()
    if not line:
        return 0
    reporter = Reporter(sys.stdout.buffer)
    try:
        threading.Thread(target=_end_with_parent, daemon=True).start()
        reporter.result(work(line, reporter))
    except CondaStoreLabError as error:
        reporter.error(error.code, error.message)
        return 1
    except Exception as error:  # its text might hold what must not be shown
        reporter.error(
            "internal", f"The download failed ({type(error).__name__}); try again, or report this."
        )
        return 1
    return 0


def _end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    # a thread may still wait for the network: leave without it
    os._exit(main())
