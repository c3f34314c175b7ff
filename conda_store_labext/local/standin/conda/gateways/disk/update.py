"""Changing files' times."""

from __future__ import annotations

from os import PathLike
from pathlib import Path


def touch(path: str | PathLike[str], mkdir: bool = False, sudo_safe: bool = False) -> None:
    """Make an empty file, or make it new; `sudo_safe` means nothing here, where there is no sudo."""
    del sudo_safe
    if mkdir:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).touch()
