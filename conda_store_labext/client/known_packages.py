"""A look-up of a package in the channels that a conda-store indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import NotFound

if TYPE_CHECKING:
    from .client import CondaStoreClient


def has_package(client: CondaStoreClient, name: str) -> bool:
    """Tell whether the server's channels have a package of conda's."""
    try:
        client.package_versions(name)
    except NotFound:
        return False
    return True
