"""The embedded conda-store."""

from __future__ import annotations

from ..models import LocalStoreStatus, Status
from .base import CondaStoreHandler
from .operation import operation


class LocalStoreHandler(CondaStoreHandler):
    """The embedded conda-store."""

    @operation(LocalStoreStatus)
    async def get(self) -> LocalStoreStatus:
        """Say how the embedded conda-store stands."""
        return await self.call(self.services.local.status)

    @operation(LocalStoreStatus, status=202)
    async def post(self) -> LocalStoreStatus:
        """Begin to start the embedded conda-store; answers before it is up."""
        return await self.call(self.services.local.start)

    @operation(LocalStoreStatus)
    async def delete(self) -> LocalStoreStatus:
        """Stop the embedded conda-store."""
        return await self.call(self.services.local.stop)


class StatusHandler(CondaStoreHandler):
    """The server in use."""

    @operation(Status)
    async def get(self) -> Status:
        """Say which server is in use, whether it answers, and whether it knows the user."""
        local = await self.call(self.services.local.status)
        return await self.call(self.services.upstream.status, local)
