"""A file that somebody wants to build, before it is known what kind of file it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from ..models.limits import NAME_CHARACTERS

DEFAULT_NAME = "environment"
NOT_IN_NAMES = re.compile(f"[^{NAME_CHARACTERS}]+")
_TELLING_NOTHING = re.compile(r"(?:environment|env|requirements?|conda-?lock)(?:[-_.]lock)?", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """A file's name, its text, and the platform (as conda calls it) that its environment is built for."""

    filename: str
    text: str
    platform: str = "linux-64"

    @cached_property
    def suffix(self) -> str:
        """The end of the file's name in lower case, such as `.yml`; empty where there is none."""
        return PurePosixPath(self.filename.replace("\\", "/")).suffix.lower()

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of the text."""
        return tuple(self.text.splitlines())

    @cached_property
    def name(self) -> str:
        """A name for the environment."""
        return name_from(self.filename)


def name_from(filename: str) -> str:
    """Return an environment's name for a file: the file's own, or its folder's where that tells nothing."""
    path = PurePosixPath(filename.replace("\\", "/"))
    for part in (path.name.split(".")[0], path.parent.name):
        name = NOT_IN_NAMES.sub("-", part).strip("-.")
        if name and not _TELLING_NOTHING.fullmatch(name):
            return name
    return DEFAULT_NAME


def valid_name(name: object) -> str:
    """Return what can be kept of a name for conda-store; empty where nothing can."""
    return NOT_IN_NAMES.sub("-", name).strip("-.") if isinstance(name, str) else ""
