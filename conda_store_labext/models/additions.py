"""Additions: what a user installed beside a build, in an overlay over its copy."""

from __future__ import annotations

from dataclasses import dataclass

from .build_ref import BuildRef


@dataclass(frozen=True)
class Addition:
    """A package in an overlay: `manager` is pip or r, `since` naive UTC in ISO 8601.

    `requested` tells what somebody asked for from what came along. `source` is the address that it was
    installed from, empty for an index; `hides` the version that the build itself has, empty for none.
    `modules` are the names by which Python imports it.
    """

    name: str
    version: str
    since: str
    requested: bool
    manager: str
    source: str = ""
    hides: str = ""
    modules: tuple[str, ...] = ()


@dataclass(frozen=True)
class AdditionList(BuildRef):
    """Additions to a build; `kept_for` is the folder of a project for which it outlives the copy."""

    key: str
    prefix: str
    kept_for: str | None
    additions: tuple[Addition, ...]


@dataclass(frozen=True)
class AdditionLists:
    """Additions to every build."""

    lists: tuple[AdditionList, ...]


@dataclass(frozen=True)
class AddRequest:
    """Packages as pip's requirements."""

    packages: tuple[str, ...]


@dataclass(frozen=True)
class InstallRequest:
    """Packages as pip's requirements; with `hide`, other versions of what the build itself has may come."""

    packages: tuple[str, ...]
    hide: bool = False


@dataclass(frozen=True)
class KeepRequest:
    """The folder of Jupyter's files whose project an overlay is kept for; null for none any more."""

    folder: str | None


@dataclass(frozen=True)
class Promotion:
    """A specification with additions in it: `conda` and `pip` are its new lines, `left_out` what has none."""

    specification: str
    conda: tuple[str, ...]
    pip: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class MissingModule:
    """The package that brings a module, as pip and as conda-forge call it; null where no table knows it."""

    module: str
    package: str | None
    conda: str | None
