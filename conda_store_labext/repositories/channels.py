"""Channels by one name each, however a file names them: `conda-forge`, or host and path of an address."""

from __future__ import annotations

import re

from ..pipeline.packages.locked import LockedPackage

ALIAS = "conda.anaconda.org"  # where a channel without an address is


def channel_name(channel: str) -> str:
    """Return a channel's name without scheme, token and slashes at the end."""
    address = re.sub(r"^[a-z+]+://(?:[^/@]*@)?", "", channel.strip(), flags=re.IGNORECASE)
    address = re.sub(r"(^|/)t/[^/]+/", r"\1", address).rstrip("/")
    return address.removeprefix(f"{ALIAS}/")


def full_name(name: str) -> str:
    """Return host and path of a channel by its name."""
    host = name.partition("/")[0]
    return name if "." in host or ":" in host else f"{ALIAS}/{name}"


def channel_of(package: LockedPackage) -> str:
    """Return the name of the channel that a locked package comes from."""
    return channel_name(package.url.rsplit("/", 2)[0])
