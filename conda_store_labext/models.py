"""The nouns that travel from the conda-store server to the panel, as frozen dataclasses.

`dataclasses.asdict` of each is its JSON, with the same names in `src/tokens.ts`. Times are ISO 8601
strings in UTC as the server gives them (naive), sizes are bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class BuildStatus(str, Enum):
    """Where a build stands, in conda-store's own words."""

    QUEUED = "QUEUED"
    BUILDING = "BUILDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


class MaterialisationState(str, Enum):
    """Where a local copy stands."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Step(str, Enum):
    """What a running materialisation is doing."""

    CONNECT = "connect"
    EXTRACT = "extract"
    PREFIX = "prefix"
    PUBLISH = "publish"
    REGISTER = "register"


class LocalStoreState(str, Enum):
    """Where the embedded conda-store stands."""

    UNAVAILABLE = "unavailable"
    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    FAILED = "failed"


@dataclass(frozen=True)
class ErrorInfo:
    """An error as the panel and the command line show it."""

    code: str
    message: str


@dataclass(frozen=True)
class Environment:
    """One environment of the server: a row of the panel.

    `status` is that of the active build (null when there is none), `launchable` says whether that build
    has an archive to download, `running_build_id` names a newer build that is queued or being built and
    `running_status` which of the two. A `FAILED` environment is one whose active build failed.
    """

    id: int
    namespace: str
    name: str
    description: str
    current_build_id: int | None
    status: BuildStatus | None
    launchable: bool
    running_build_id: int | None
    running_status: BuildStatus | None


@dataclass(frozen=True)
class EnvironmentPage:
    """A page of environments; `page` counts from 1, `count` is over all pages."""

    environments: tuple[Environment, ...]
    page: int
    size: int
    count: int


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
    `CONDA_PACK` is among them; `reason` says in the log's own words why a build failed.
    """

    artifacts: tuple[str, ...]
    launchable: bool
    reason: str | None


@dataclass(frozen=True)
class BuildPage:
    """A page of builds, newest first; `page` counts from 1, `count` is over all pages."""

    builds: tuple[Build, ...]
    page: int
    size: int
    count: int


@dataclass(frozen=True)
class Kernel:
    """A kernelspec that was registered from an environment."""

    name: str
    display_name: str
    language: str


@dataclass(frozen=True)
class Materialisation:
    """A build's local copy, whole or in the making.

    `key` is unique among servers and builds. `bytes_done` and `bytes_total` count the archive as it
    travels (`bytes_total` is null when the server does not say), `files` what was written so far.
    `prefix` is the folder once the copy is ready. `error` is set when `state` is failed, and with code
    `no_kernel` when a ready copy has nothing to launch.
    """

    key: str
    server: str
    namespace: str
    environment: str
    build_id: int
    state: MaterialisationState
    step: Step | None
    bytes_done: int
    bytes_total: int | None
    files: int
    prefix: str | None
    kernels: tuple[Kernel, ...]
    error: ErrorInfo | None


@dataclass(frozen=True)
class LocalStoreStatus:
    """The embedded conda-store: `message` says in one sentence what is going on or in use.

    `step` and `progress` (0 to 1, null when unknown) tell how far a start has come. `channel` is
    `conda-forge` or `local`, null before it is known.
    """

    state: LocalStoreState
    url: str | None
    pid: int | None
    channel: str | None
    step: str | None
    progress: float | None
    message: str


@dataclass(frozen=True)
class Status:
    """How this Jupyter server stands with conda-store.

    `url` is null when nothing is configured and no local store runs. `authenticated` is true when the
    server knows the credentials, or when none are configured. `error` carries the sentence to show
    when the server is not usable as configured.
    """

    url: str | None
    reachable: bool
    authenticated: bool
    version: str | None
    error: ErrorInfo | None
    local_store: LocalStoreStatus
