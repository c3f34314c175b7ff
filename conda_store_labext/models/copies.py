"""Local copies of builds and the kernels in them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .build_ref import BuildRef
from .status import ErrorInfo


class CopyState(str, Enum):
    """State of a local copy."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Step(str, Enum):
    """The step that making a copy has reached."""

    CONNECT = "connect"
    EXTRACT = "extract"
    PREFIX = "prefix"
    PUBLISH = "publish"
    REGISTER = "register"


@dataclass(frozen=True)
class Kernel:
    """A kernelspec that was registered from an environment."""

    name: str
    display_name: str
    language: str


@dataclass(frozen=True)
class LocalCopy(BuildRef):
    """A build's local copy, whole or in the making.

    `key` is unique among servers and builds. `bytes_done` and `bytes_total` count what travels, the archive
    or packages (`bytes_total` is null when the server does not say), `files` what was written so far.
    `way` is archive or packages once that was chosen here; with packages of a build `bytes_saved` tells how
    many bytes more the archive has.
    `prefix` is the folder once the copy is ready. `error` is set when `state` is failed, and with code
    `no_kernel` when a ready copy has nothing to launch, `activation` when its scripts failed as it came.
    """

    key: str
    state: CopyState
    step: Step | None
    bytes_done: int
    bytes_total: int | None
    files: int
    prefix: str | None
    kernels: tuple[Kernel, ...]
    error: ErrorInfo | None
    way: str | None = None
    bytes_saved: int | None = None


@dataclass(frozen=True)
class CopyList:
    """All local copies of a server."""

    copies: tuple[LocalCopy, ...]
