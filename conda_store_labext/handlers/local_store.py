"""The embedded conda-store."""

from __future__ import annotations

from dataclasses import asdict

from .base import CondaStoreHandler, guarded


class LocalStoreHandler(CondaStoreHandler):
    """GET, POST (start), DELETE (stop) local-store -> LocalStoreStatus."""

    @guarded
    async def get(self) -> None:
        """Say how the embedded conda-store stands."""
        self.answer(asdict(await self.call(self.services.local.status)))

    @guarded
    async def post(self) -> None:
        """Begin to start the embedded conda-store; answers before it is up."""
        self.answer(asdict(await self.call(self.services.local.start)), 202)

    @guarded
    async def delete(self) -> None:
        """Stop the embedded conda-store."""
        self.answer(asdict(await self.call(self.services.local.stop)))
