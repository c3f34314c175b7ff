"""Runs: work that a route begins and others ask after, each piece in a thread of its own."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..errors import Cancelled, CondaStoreLabError, NotFound
from ..models import ErrorInfo

KEPT = 20  # runs that have ended

log = logging.getLogger(__name__)


@dataclass
class Run:
    """One piece of work: `running`, then `ready`, `failed` or `cancelled`."""

    id: str = field(default_factory=lambda: secrets.token_hex(8), init=False)
    state: str = field(default="running", init=False)
    error: ErrorInfo | None = field(default=None, init=False)
    cancelled: threading.Event = field(default_factory=threading.Event, init=False)
    thread: threading.Thread | None = field(default=None, init=False)


AnyRun = TypeVar("AnyRun", bound=Run)


class Runs(Generic[AnyRun]):
    """The work under way and what ended last; safe to use from any thread.

    `name` is that of the threads, `forgotten` the sentence for whoever asks after what is not kept any more.
    """

    def __init__(self, name: str, forgotten: str) -> None:
        self._name = name
        self._forgotten = forgotten
        self._runs: dict[str, AnyRun] = {}
        self._lock = threading.Lock()

    def begin(self, run: AnyRun, work: Callable[[AnyRun], None]) -> None:
        """Begin work in a thread; raises what `refuse` does."""
        with self._lock:
            self.refuse(run, [other for other in self._runs.values() if other.state == "running"])
            ended = [other.id for other in self._runs.values() if other.state != "running"]
            for old in ended[:-KEPT]:
                del self._runs[old]
            self._runs[run.id] = run
            run.thread = threading.Thread(target=self._run, args=(run, work), name=self._name, daemon=True)
        run.thread.start()

    def refuse(self, run: AnyRun, running: Sequence[AnyRun]) -> None:
        """Raise Conflict where a run cannot begin beside those under way."""

    def ended(self, run: AnyRun) -> None:
        """Do what is to be done when a run has ended, in its thread."""

    def runs(self) -> list[AnyRun]:
        """Return those that run and those that ended last."""
        with self._lock:
            return list(self._runs.values())

    def find(self, run_id: str) -> AnyRun:
        """Return a run; NotFound when it is not kept."""
        with self._lock:
            if run_id not in self._runs:
                raise NotFound(self._forgotten)
            return self._runs[run_id]

    def stop(self, run_id: str) -> AnyRun:
        """Ask a run to stop; one that has ended stays as it is."""
        run = self.find(run_id)
        run.cancelled.set()
        return run

    def close(self) -> None:
        """Cancel what runs, and wait until it has cleaned up behind itself."""
        running = [run for run in self.runs() if run.state == "running"]
        for run in running:
            run.cancelled.set()
        for run in running:
            if run.thread:
                run.thread.join()

    def _run(self, run: AnyRun, work: Callable[[AnyRun], None]) -> None:
        state = "failed"
        try:
            work(run)
            state = "ready"
        except CondaStoreLabError as error:
            run.error = ErrorInfo(error.code, str(error))
            if isinstance(error, Cancelled):
                state = "cancelled"
        except Exception:
            log.exception("%s failed", self._name)
            run.error = ErrorInfo("internal", "It failed; the Jupyter server's log has the details.")
        if state != "ready":
            self.failed(run)
        run.state = state
        self.ended(run)

    def failed(self, run: AnyRun) -> None:
        """Do what is to be done about a run that did not get done, before its state says so."""
