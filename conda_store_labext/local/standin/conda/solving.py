"""Choosing packages, with py-rattler's solver."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import rattler

from .base.context import context


def solve(specs: Sequence[str], channels: Sequence[str]) -> list[rattler.RepoDataRecord]:
    """Return what satisfies all specs at once; raise py-rattler's SolverError that says why nothing does."""
    return asyncio.run(
        rattler.solve(
            sources=[context.channel_url(channel) for channel in channels],
            specs=list(specs),
            platforms=[rattler.Subdir(context.subdir), rattler.Subdir("noarch")],
            virtual_packages=rattler.VirtualPackage.detect(),
        )
    )
