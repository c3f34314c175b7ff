"""Packages of a build or of a solve, and what changed between two sets of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class PackageManager(str, Enum):
    """The program that installs a package."""

    CONDA = "conda"
    PIP = "pip"


@dataclass(frozen=True)
class Package:
    """A package as it is in a build; `size` is its download's bytes where the server knows them.

    `channel` is the channel's name without its host and folder; empty for pip's packages.
    """

    name: str
    version: str
    build: str
    channel: str
    summary: str
    size: int | None
    manager: PackageManager


@dataclass(frozen=True)
class PackagePage:
    """A page of packages, by name; `page` counts from 1, `count` is over all pages."""

    packages: tuple[Package, ...]
    page: int
    size: int
    count: int


@dataclass(frozen=True)
class PackageNames:
    """A page of the names of packages that the server's channels have, in alphabetical order."""

    packages: tuple[str, ...]
    page: int
    size: int
    count: int


@dataclass(frozen=True)
class PackageVersions:
    """The versions of one package that the server's channels have, newest first."""

    versions: tuple[str, ...]


@dataclass(frozen=True)
class VersionChange:
    """A package whose version changed; with the same version, `old` and `new` tell the build and channel."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Changes:
    """Changes from one set of packages to another; each list by name.

    `since` and `build_id` are the builds, null for what is not built. `rebuilt` are packages of the same
    version and another build string or channel. `specification` is the unified diff of the specifications,
    empty when they are equal.
    """

    since: int | None
    build_id: int | None
    added: tuple[Package, ...]
    removed: tuple[Package, ...]
    upgraded: tuple[VersionChange, ...]
    downgraded: tuple[VersionChange, ...]
    rebuilt: tuple[VersionChange, ...]
    specification: str
