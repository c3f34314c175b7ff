"""Jobs: environments in the making and packages being changed, in threads of their own, with their logs."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ..errors import Cancelled, CondaStoreLabError, Conflict, NotFound
from ..models import ErrorInfo, Job, ProvidedEnvironment
from ..models.providers import Check, Report

KEPT = 20  # jobs that have ended
MAX_LOG = 256 * 1024  # characters
INTERVAL = 0.5  # seconds between two reports of a running job

log = logging.getLogger(__name__)

Work = Callable[[Report, Check], ProvidedEnvironment | None]


@dataclass
class _Run:
    id: str
    provider: str
    folder: str
    state: str = "running"
    lines: list[str] = field(default_factory=list)
    environment: ProvidedEnvironment | None = None
    error: ErrorInfo | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    reported: float = 0.0

    def job(self) -> Job:
        text = "\n".join(self.lines)[-MAX_LOG:]
        return Job(self.id, self.provider, self.folder, self.state, text, self.environment, self.error)


class Jobs:
    """The jobs under way, one for each folder or environment at a time; safe to use from any thread.

    `on_change` is called, from the job's thread, with a job that came further, once in `INTERVAL` seconds at
    most, and when it has ended.
    """

    def __init__(self, on_change: Callable[[Job], None] = lambda _: None) -> None:
        self._on_change = on_change
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()

    def start(self, provider: str, folder: str, work: Work) -> Job:
        """Begin a job about a folder; Conflict while another one is at it."""
        run = _Run(secrets.token_hex(8), provider, folder)
        with self._lock:
            if any(other.folder == folder and other.state == "running" for other in self._runs.values()):
                raise Conflict("Another job is running here already; wait for it or cancel it.")
            ended = [other.id for other in self._runs.values() if other.state != "running"]
            for old in ended[:-KEPT]:
                del self._runs[old]
            self._runs[run.id] = run
            run.thread = threading.Thread(
                target=self._run, args=(run, work), name="conda-store-job", daemon=True
            )
        run.thread.start()
        return run.job()

    def list(self) -> tuple[Job, ...]:
        """Return the jobs that run and those that ended last."""
        with self._lock:
            return tuple(run.job() for run in self._runs.values())

    def get(self, job: str) -> Job:
        """Return a job; NotFound when there is none."""
        return self._found(job).job()

    def cancel(self, job: str) -> Job:
        """Ask a job to stop; one that has ended stays as it is."""
        run = self._found(job)
        run.cancelled.set()
        return run.job()

    def close(self) -> None:
        """Cancel what runs, and wait until it has cleaned up behind itself."""
        with self._lock:
            runs = [run for run in self._runs.values() if run.state == "running"]
        for run in runs:
            run.cancelled.set()
        for run in runs:
            if run.thread:
                run.thread.join()

    def _found(self, job: str) -> _Run:
        with self._lock:
            if job not in self._runs:
                raise NotFound("This job no longer exists; refresh the list.")
            return self._runs[job]

    def _run(self, run: _Run, work: Work) -> None:
        def check() -> None:
            if run.cancelled.is_set():
                raise Cancelled("It was cancelled; nothing half-done is left.")

        def report(line: str) -> None:
            run.lines.append(line)
            now = time.monotonic()
            if now - run.reported >= INTERVAL:
                run.reported = now
                self._on_change(run.job())

        try:
            run.environment = work(report, check)
            run.state = "ready"
        except Cancelled:
            run.state = "cancelled"
        except CondaStoreLabError as error:
            run.error = ErrorInfo(error.code, str(error))
            run.state = "failed"
        except Exception:
            log.exception("A job failed")
            run.error = ErrorInfo("internal", "It failed; the Jupyter server's log has the details.")
            run.state = "failed"
        self._on_change(run.job())
