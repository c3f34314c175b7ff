"""Records of copies: the manifest as it is written, and the copy as it is given to others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

from ..models.build_ref import BuildRef


@dataclass(frozen=True)
class Manifest(BuildRef):
    """Manifest of a copy: where it came from, how many bytes and files it has, and since when.

    `prefix` is the folder of one that is used in place; no bytes and files are ours then. `variables` are
    those of its specification.
    """

    bytes: int
    files: int
    created_on: str
    prefix: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class StoredCopy(BuildRef):
    """A complete environment on disk; times are naive UTC in ISO 8601.

    `origin` says whose files these are: our own, those of a store in front, or conda-store's.
    """

    prefix: Path
    bytes: int
    files: int
    created_on: str
    last_used_on: str
    origin: Literal["own", "shared", "in place"] = "own"
    variables: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> str:
        """The key by which the store knows it."""
        return self.copy_key


def iso(seconds: float | None) -> str:
    """Return a time, or now, as naive UTC."""
    when = datetime.now(timezone.utc) if seconds is None else datetime.fromtimestamp(seconds, timezone.utc)
    return when.replace(tzinfo=None).isoformat(timespec="seconds")


def now() -> str:
    """Return the time as manifests have it: naive UTC in ISO 8601."""
    return iso(None)
