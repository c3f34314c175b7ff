"""Messages to and from the worker process: one JSON line each, over its own pipes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ..client.connection import Connection
from ..errors import WorkerDied
from ..models import Step
from ..models.build_ref import BuildRef
from ..store.paths import ARCHIVE
from .limits import Limits


class Task(Protocol):
    """Whatever a worker process can be asked to do: it makes the copy of a build in a store."""

    @property
    def build(self) -> BuildRef:
        """The build that the copy is of."""

    @property
    def root(self) -> Path:
        """The store's folder."""

    def to_line(self) -> str:
        """Return it as one line of JSON, credentials included: for the worker's eyes only."""


@dataclass(frozen=True)
class Job:
    """One build to bring here, and the store's folder.

    The credentials in `connection` travel through the worker's standard input only. `share` allows links to
    files of other environments. `variables` are those of the build's specification. `way` is one of
    `store.paths.WAYS`.
    """

    connection: Connection
    build: BuildRef
    root: Path
    limits: Limits = field(default_factory=Limits)
    share: bool = True
    variables: Mapping[str, str] = field(default_factory=dict)
    way: str = ARCHIVE

    def to_line(self) -> str:
        """Return the job as one line of JSON, credentials included: for the worker's eyes only."""
        return json.dumps({**asdict(self), "root": str(self.root)}) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Job:
        """Read what `to_line` wrote; WorkerDied where another version of this package did."""
        with of_this_version():
            fields: dict[str, Any] = json.loads(line)
            fields["connection"] = Connection(**fields["connection"])
            fields["build"] = BuildRef(**fields["build"])
            fields["root"] = Path(fields["root"])
            fields["limits"] = Limits(**fields["limits"])
            return cls(**fields)


@contextmanager
def of_this_version() -> Iterator[None]:
    """Explain by WorkerDied what cannot be read: program and process are of two versions of this package."""
    try:
        yield
    except (LookupError, TypeError, ValueError):
        raise WorkerDied(
            "conda_store_labext was updated while this program ran; restart the Jupyter server."
        ) from None


@dataclass(frozen=True)
class Progress:
    """Progress of a job: the bytes that travel (total None: unknown), files written.

    `way` is how the copy is made, archive or packages; `bytes_saved` what the archive has beyond the
    packages that are fetched instead.
    """

    step: Step
    bytes_done: int = 0
    bytes_total: int | None = None
    files: int = 0
    way: str | None = None
    bytes_saved: int | None = None
