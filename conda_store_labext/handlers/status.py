"""How this Jupyter server stands with conda-store."""

from __future__ import annotations

from ..models import Status
from .base import CondaStoreHandler
from .operation import operation


class StatusHandler(CondaStoreHandler):
    """The server in use."""

    @operation(Status)
    async def get(self) -> Status:
        """Say which server is in use, whether it answers, and whether it knows the user."""
        local = await self.call(self.services.local.status)
        return await self.call(self.services.server.status, local)
