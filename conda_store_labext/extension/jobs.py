"""Jobs: environments in the making and packages being changed, with their logs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from ..errors import Cancelled, Conflict
from ..models import Job, ProvidedEnvironment
from ..models.providers import Check, Report
from .runs import Run, Runs

MAX_LOG = 256 * 1024  # characters
INTERVAL = 0.5  # seconds between two reports of a running job

Work: TypeAlias = Callable[[Report, Check], "ProvidedEnvironment | None"]


@dataclass
class JobRun(Run):
    """A job under way, and what came of it."""

    provider: str
    folder: str
    lines: list[str] = field(default_factory=list)
    environment: ProvidedEnvironment | None = None
    reported: float = 0.0

    def job(self) -> Job:
        """Return it as it is now."""
        text = "\n".join(self.lines)[-MAX_LOG:]
        # a job that was cancelled has not failed
        error = None if self.state == "cancelled" else self.error
        return Job(self.id, self.provider, self.folder, self.state, text, self.environment, error)


class Jobs(Runs[JobRun]):
    """The jobs under way, one for each folder or environment at a time.

    `on_change` is called, from the job's thread, with a job that came further, once in `INTERVAL` seconds at
    most, and when it has ended.
    """

    def __init__(self, on_change: Callable[[Job], None] = lambda _: None) -> None:
        super().__init__("conda-store-job", "This job no longer exists; refresh the list.")
        self._on_change = on_change

    def start(self, provider: str, folder: str, work: Work) -> Job:
        """Begin a job about a folder; Conflict while another one is at it."""

        def do(run: JobRun) -> None:
            def check() -> None:
                if run.cancelled.is_set():
                    raise Cancelled("It was cancelled; nothing half-done is left.")

            def report(line: str) -> None:
                run.lines.append(line)
                now = time.monotonic()
                if now - run.reported >= INTERVAL:
                    run.reported = now
                    self._on_change(run.job())

            run.environment = work(report, check)

        run = JobRun(provider, folder)
        self.begin(run, do)
        return run.job()

    def list(self) -> tuple[Job, ...]:
        """Return the jobs that run and those that ended last."""
        return tuple(run.job() for run in self.runs())

    def get(self, job: str) -> Job:
        """Return a job; NotFound when there is none."""
        return self.find(job).job()

    def cancel(self, job: str) -> Job:
        """Ask a job to stop; one that has ended stays as it is."""
        return self.stop(job).job()

    def refuse(self, run: JobRun, running: Sequence[JobRun]) -> None:
        """Raise Conflict where another job is about the same folder."""
        if any(other.folder == run.folder for other in running):
            raise Conflict("Another job is running here already; wait for it or cancel it.")

    def ended(self, run: JobRun) -> None:
        """Tell of the job's end."""
        self._on_change(run.job())
