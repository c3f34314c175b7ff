"""Visits to repositories: looks, openings and writings back, each with its steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from ..errors import Conflict
from ..models import OpenedRepository, RepositoryLook, Visit, WrittenBack
from ..repositories.steps import Steps
from .runs import Run, Runs

MOST = 8  # at a time

Work: TypeAlias = Callable[[Steps], "RepositoryLook | OpenedRepository | WrittenBack"]


@dataclass
class VisitRun(Run):
    """A visit under way, and what came of it."""

    steps: Steps = field(default_factory=Steps)
    look: RepositoryLook | None = None
    opened: OpenedRepository | None = None
    written: WrittenBack | None = None

    def __post_init__(self) -> None:
        """Let one event cancel both."""
        self.cancelled = self.steps.cancelled

    def visit(self) -> Visit:
        """Return it as it is now."""
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


class VisitRuns(Runs[VisitRun]):
    """The visits under way."""

    def __init__(self) -> None:
        super().__init__("conda-store-visit", "This has expired; look at the repository again.")

    def start(self, work: Work) -> Visit:
        """Begin a visit; Conflict while there are too many."""

        def do(run: VisitRun) -> None:
            result = work(run.steps)
            if isinstance(result, RepositoryLook):
                run.look = result
            elif isinstance(result, OpenedRepository):
                run.opened = result
            else:
                run.written = result

        run = VisitRun()
        self.begin(run, do)
        return run.visit()

    def get(self, visit: str) -> Visit:
        """Return a visit; NotFound when there is none."""
        return self.find(visit).visit()

    def cancel(self, visit: str) -> Visit:
        """Ask a visit to stop; one that has ended stays as it is."""
        return self.stop(visit).visit()

    def refuse(self, run: VisitRun, running: Sequence[VisitRun]) -> None:
        """Raise Conflict where there are too many."""
        if len(running) >= MOST:
            raise Conflict("Several repositories are being opened already; wait, or cancel one.")

    def failed(self, run: VisitRun) -> None:
        """Say that the steps that are not done will not be."""
        run.steps.end()
