"""A build of an environment, its log and its specification."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class BuildStatus(str, Enum):
    """Status of a build, in conda-store's own words."""

    QUEUED = "QUEUED"
    BUILDING = "BUILDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


@dataclass(frozen=True)
class Build:
    """One build of an environment, as lists give it."""

    id: int
    environment_id: int
    namespace: str
    environment: str
    status: BuildStatus
    scheduled_on: str | None
    started_on: str | None
    ended_on: str | None
    size: int


@dataclass(frozen=True)
class BuildDetail(Build):
    """One build with what only its own page of the server's API tells.

    `artifacts` are conda-store's names (`CONDA_PACK`, `LOCKFILE`, ...); `launchable` is true once
    `CONDA_PACK` is among them; `reason` says in the log's own words why a build failed. A `deleted` one has
    lost its files: conda-store keeps it on its list. While one is `packing` its archive may still come.
    """

    artifacts: tuple[str, ...]
    launchable: bool
    reason: str | None
    deleted: bool
    packing: bool


@dataclass(frozen=True)
class BuildPage:
    """A page of builds, newest first; `page` counts from 1, `count` is over all pages."""

    builds: tuple[Build, ...]
    page: int
    size: int
    count: int


@dataclass(frozen=True)
class FirstError:
    """The first line of a log that speaks of an error; `line` counts from 0 in the log's `text`."""

    line: int
    text: str


@dataclass(frozen=True)
class BuildLog:
    """A build's log: all of it, or the end of a long one when `truncated`.

    `complete` is true once the build has ended. `stage` is what it is doing now in a word or two, null before
    it starts and once it has ended.
    """

    build_id: int
    text: str
    truncated: bool
    complete: bool
    stage: str | None
    first_error: FirstError | None


@dataclass(frozen=True)
class Specification:
    """The source of a build: YAML, or a lockfile's JSON as text."""

    build_id: int
    text: str
    is_lockfile: bool
