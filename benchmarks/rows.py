"""A row of the table: one way of doing something, measured in turns with the others."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from .measure import Sample, Summary, descendants, on_disk, peak_of, summary, timed

Way = Callable[[Path], AbstractContextManager[Callable[[], object]]]
"""Given an empty folder: gets ready, gives what is to be timed, and cleans up."""


@dataclass
class Row:
    """One way; `reference` names the rows of which the slowest is what the ratio is to.

    `python`: an interpreter's own memory is taken off. `writes`: it leaves something on disk. `most` bounds
    the rounds that it takes part in.
    """

    name: str
    way: Way
    reference: tuple[str, ...] = ()
    python: bool = False
    writes: bool = False
    most: int = 1_000
    samples: list[Sample] = field(default_factory=list)
    peak: int | None = None
    disk: int | None = None

    def warm_up(self, folder: Path, interpreter: int) -> None:
        """Run once, looking at memory and disk instead of at the clock."""
        others = descendants()
        with self.way(_empty(folder)) as run:
            before = on_disk(folder)
            self.peak = max(peak_of(run, others) - (interpreter if self.python else 0), 0)
            self.disk = on_disk(folder) - before if self.writes else None

    def measure(self, folder: Path) -> None:
        """Run once more, timed, unless that was done often enough."""
        if len(self.samples) < self.most:
            with self.way(_empty(folder)) as run:
                self.samples.append(timed(run))

    @property
    def summary(self) -> Summary:
        """Return the summary of the timed runs."""
        return summary(self.samples, self.peak, self.disk)


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
