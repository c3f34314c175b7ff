"""Status of the connection to conda-store, and of the local conda-store."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class ErrorInfo:
    """An error as the panel and the command line show it."""

    code: str
    message: str


class LocalStoreState(str, Enum):
    """State of the embedded conda-store."""

    UNAVAILABLE = "unavailable"
    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    FAILED = "failed"


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
    """Status of the connection to conda-store.

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
