"""Paths as conda takes them apart."""

from __future__ import annotations

import os

from ..base.constants import CONDA_PACKAGE_EXTENSIONS


def expand(path: str | os.PathLike[str]) -> str:
    """Return the path with its variables and `~` filled in."""
    return os.path.expandvars(os.path.expanduser(os.fspath(path)))  # noqa: PTH111


def strip_pkg_extension(path: str) -> tuple[str, str | None]:
    """Return a package's path without its ending, and the ending; null for what is no package."""
    for extension in CONDA_PACKAGE_EXTENSIONS:
        if path.endswith(extension):
            return path[: -len(extension)], extension
    return path, None
