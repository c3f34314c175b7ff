"""Visits to repositories: looks, openings and writings back in threads of their own, each with its steps."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from ..errors import Cancelled, CondaStoreLabError, Conflict, NotFound
from ..models import ErrorInfo, OpenedRepository, RepositoryLook, Visit, WrittenBack
from ..repositories.steps import Steps

KEPT = 20  # visits that have ended
MOST = 8  # at a time

log = logging.getLogger(__name__)

Work = Callable[[Steps], RepositoryLook | OpenedRepository | WrittenBack]


@dataclass
class _Run:
    id: str
    steps: Steps
    state: str = "running"
    look: RepositoryLook | None = None
    opened: OpenedRepository | None = None
    written: WrittenBack | None = None
    error: ErrorInfo | None = None
    thread: threading.Thread | None = None

    def visit(self) -> Visit:
        steps = self.steps
        return Visit(
            self.id,
            self.state,
            steps.list(),
            steps.build_id,
            self.look,
            self.opened,
            self.written,
            self.error,
        )


class VisitRuns:
    """Those that run and those that ended last; safe to use from any thread."""

    def __init__(self) -> None:
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()

    def start(self, work: Work) -> Visit:
        """Begin a visit; Conflict while there are too many."""
        run = _Run(secrets.token_hex(8), Steps())
        with self._lock:
            running = [other for other in self._runs.values() if other.state == "running"]
            if len(running) >= MOST:
                raise Conflict("Several repositories are being opened already; wait, or cancel one.")
            ended = [other.id for other in self._runs.values() if other.state != "running"]
            for old in ended[:-KEPT]:
                del self._runs[old]
            self._runs[run.id] = run
            run.thread = threading.Thread(
                target=self._run, args=(run, work), name="conda-store-visit", daemon=True
            )
        run.thread.start()
        return run.visit()

    def get(self, visit: str) -> Visit:
        """Return a visit; NotFound when there is none."""
        return self._known(visit).visit()

    def cancel(self, visit: str) -> Visit:
        """Ask a visit to stop; one that has ended stays as it is."""
        run = self._known(visit)
        run.steps.cancelled.set()
        return run.visit()

    def close(self) -> None:
        """Cancel what runs, and wait until it has cleaned up behind itself."""
        with self._lock:
            runs = [run for run in self._runs.values() if run.state == "running"]
        for run in runs:
            run.steps.cancelled.set()
        for run in runs:
            if run.thread:
                run.thread.join()

    def _known(self, visit: str) -> _Run:
        with self._lock:
            if visit not in self._runs:
                raise NotFound("This has expired; look at the repository again.")
            return self._runs[visit]

    def _run(self, run: _Run, work: Work) -> None:
        try:
            result = work(run.steps)
        except CondaStoreLabError as error:
            run.steps.end()
            run.error = ErrorInfo(error.code, str(error))
            run.state = "cancelled" if isinstance(error, Cancelled) else "failed"
        except Exception:
            log.exception("A repository was not opened")
            run.steps.end()
            run.error = ErrorInfo("internal", "It failed; the Jupyter server's log has the details.")
            run.state = "failed"
        else:
            if isinstance(result, RepositoryLook):
                run.look = result
            elif isinstance(result, OpenedRepository):
                run.opened = result
            else:
                run.written = result
            run.state = "ready"
