"""How this Jupyter server stands with conda-store."""

from __future__ import annotations

from dataclasses import asdict

from .base import CondaStoreHandler, guarded


class StatusHandler(CondaStoreHandler):
    """GET status -> Status."""

    @guarded
    async def get(self) -> None:
        """Say which server is in use, whether it answers, and whether it knows us."""
        local = await self.call(self.services.local.status)
        self.answer(asdict(await self.call(self.services.server.status, local)))
