"""Request bodies as frozen dataclasses; fields with a default may be left out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EnvironmentChange:
    """Changes to an environment: its description, its active build, or both."""

    description: str | None = None
    current_build_id: int | None = None


@dataclass(frozen=True)
class NamespaceRequest:
    """A namespace to make."""

    name: str


@dataclass(frozen=True)
class BuildRequest:
    """A specification to build: YAML, or a lockfile's text, which names no `environment` of its own."""

    namespace: str
    specification: str
    is_lockfile: bool = False
    environment: str | None = None
    description: str | None = None


@dataclass(frozen=True)
class PreviewRequest:
    """A specification to solve without building it, compared with build `since` if that is given."""

    namespace: str
    specification: str
    since: int | None = None


@dataclass(frozen=True)
class ConversionRequest:
    """A file to turn into a specification: its name, and its text or, in whatever encoding, its bytes."""

    filename: str
    text: str = ""
    base64: str | None = None


@dataclass(frozen=True)
class CopyRequest:
    """A build to have on this machine; `build_id` null means the environment's active build."""

    namespace: str
    environment: str
    build_id: int | None = None


@dataclass(frozen=True)
class FileCopyRequest:
    """A lockfile or an archive to have the environment of, by its `path` below the Jupyter server's folder.

    `name` is what the environment is called, null for the file's or its folder's name; `environment` the one
    that is meant in a pixi.lock. `trusted` says that the user was asked whether its code may run here.
    """

    path: str
    name: str | None = None
    environment: str | None = None
    trusted: bool = False
