"""Environments: the list."""

from __future__ import annotations

from dataclasses import asdict

from .base import CondaStoreHandler, guarded


class EnvironmentsHandler(CondaStoreHandler):
    """GET environments?search=&page=&size= -> EnvironmentPage."""

    @guarded
    async def get(self) -> None:
        """List a page of environments."""
        search, page = self.get_query_argument("search", ""), self.number("page", 1, 10**6)
        size = self.number("size", 50, 100)
        client = await self.call(self.services.server.client)
        self.answer(asdict(await self.call(client.environments, search, page, size)))
        await self.call(self.services.manager.prepare)  # who looks at environments soon wants one
