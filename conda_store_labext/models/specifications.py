"""Results of converting and of solving a specification, before it is built."""

from __future__ import annotations

from dataclasses import dataclass

from .packages import Changes, Package


@dataclass(frozen=True)
class Preview:
    """The packages a specification is solved to; `size` is the sum of their downloads where all are known."""

    packages: tuple[Package, ...]
    changes: Changes | None
    size: int | None


@dataclass(frozen=True)
class Conversion:
    """A file as a specification (YAML, or a lockfile's text); each note says what was not carried over."""

    name: str
    specification: str
    is_lockfile: bool
    notes: tuple[str, ...]
