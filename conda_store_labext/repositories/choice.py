"""The environment that was chosen for what is opened of a repository, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ..models.reference import Reference
from ..pipeline.packages.job import FileJob
from ..store.records import StoredCopy


class Origin(str, Enum):
    """The reason that led to an environment."""

    ASKED = "asked"
    FOLDER = "folder"
    NOTEBOOK = "notebook"
    MANIFEST = "manifest"
    LOCKFILE = "lockfile"
    MACHINE = "machine"
    NONE = "none"


@dataclass(frozen=True)
class Venv:
    """A virtual environment in the repository's folder, of a file of it; `digest` stands for what that needs.

    `packages` are those that are installed, each with its channel. `is_here` tells that nothing is.
    """

    file: str
    digest: str
    packages: tuple[tuple[str, str], ...]
    is_here: bool = False


@dataclass(frozen=True)
class Choice:
    """The environment that was chosen: `message` says why, in one sentence.

    Without a `reference` there is none so far: `target` is where the manifest would be built. With
    `building` that is just being built. `here` has the copy that starts without asking anybody, `job` makes
    one of a lockfile's packages. With a `venv` it is one of this machine, and has no reference.
    """

    origin: Origin
    message: str
    reference: Reference | None = None
    here: StoredCopy | None = None
    target: Reference | None = None
    building: int | None = None
    job: FileJob | None = None
    venv: Venv | None = None
