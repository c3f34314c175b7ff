"""Clones that a test stages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conda_store_labext.errors import Cancelled
from conda_store_labext.repositories.address import parse_address
from conda_store_labext.repositories.clone import StagedClone, git_for
from conda_store_labext.repositories.git import Git


@contextmanager
def staged(text: str, parent: Path, used: Git | None = None) -> Iterator[StagedClone]:
    """Begin a clone of an address."""
    address = parse_address(text)
    with StagedClone(used or git_for(address), address, parent) as clone:
        yield clone


def is_cancelled(clone: StagedClone) -> bool:
    """Fetch, and tell whether that was cancelled."""
    try:
        clone.fetch(None)
    except Cancelled:
        return True
    return False
