"""Builds: the list and one of them."""

from __future__ import annotations

from dataclasses import asdict

from .base import CondaStoreHandler, build_id, guarded


class BuildsHandler(CondaStoreHandler):
    """GET environments/{namespace}/{name}/builds?page=&size= -> BuildPage."""

    @guarded
    async def get(self, namespace: str, name: str) -> None:
        """List a page of an environment's builds, newest first."""
        page, size = self.number("page", 1, 10**6), self.number("size", 20, 100)
        client = await self.call(self.services.server.client)
        self.answer(asdict(await self.call(client.builds, namespace, name, page, size)))


class BuildHandler(CondaStoreHandler):
    """GET builds/{build_id} -> BuildDetail."""

    @guarded
    async def get(self, build: str) -> None:
        """Show one build, with why it failed."""
        client = await self.call(self.services.server.client)
        self.answer(asdict(await self.call(client.build, build_id(build))))
