"""The steps from an address to a notebook, and how far each is, for whoever looks on."""

from __future__ import annotations

import threading
from dataclasses import replace

from ..models import RepositoryStep


class Steps:
    """The steps under way; safe to use from several threads. A step that is never begun is not listed."""

    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self.build_id: int | None = None
        self._steps: dict[str, RepositoryStep] = {}
        self._lock = threading.Lock()

    def run(self, name: str, detail: str = "", share: int | None = None) -> None:
        """Say that a step is under way, what it is at, and how many percent are done."""
        with self._lock:
            self._steps[name] = RepositoryStep(name, "running", detail, share)

    def done(self, name: str, detail: str = "") -> None:
        """Say that a step is done, in a sentence where there is something to say."""
        with self._lock:
            self._steps[name] = RepositoryStep(name, "done", detail, None)

    def end(self) -> None:
        """Say that what is not done will not be."""
        with self._lock:
            for name, step in self._steps.items():
                if step.state == "running":
                    self._steps[name] = replace(step, state="failed", share=None)

    def list(self) -> tuple[RepositoryStep, ...]:
        """Return them in their order."""
        with self._lock:
            return tuple(self._steps.values())
