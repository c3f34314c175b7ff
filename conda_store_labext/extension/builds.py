"""Builds: the list, one of them, making, cancelling and deleting them."""

from __future__ import annotations

from functools import partial

from ..models import BuildDetail, BuildPage, BuildRequest
from .base import CondaStoreHandler, build_id
from .operation import PAGE, operation, size


class BuildsHandler(CondaStoreHandler):
    """The builds of an environment."""

    @operation(BuildPage, query=(PAGE, size(20)))
    async def get(self, namespace: str, name: str, page: int, size: int) -> BuildPage:
        """List an environment's builds, newest first."""
        return await self.call((await self.client()).builds, namespace, name, page, size)


class NewBuildHandler(CondaStoreHandler):
    """Every build."""

    @operation(BuildDetail, status=202, body=BuildRequest)
    async def post(self, body: BuildRequest) -> BuildDetail:
        """Have a specification built, which makes its environment if need be; answers before it is done."""
        client = await self.client()
        create = partial(
            client.create_build,
            body.namespace,
            body.specification,
            is_lockfile=body.is_lockfile,
            environment=body.environment,
            description=body.description,
        )
        return await self.call(client.build, await self.call(create))


class BuildHandler(CondaStoreHandler):
    """One build."""

    @operation(BuildDetail)
    async def get(self, build: str) -> BuildDetail:
        """Show a build, with why it failed."""
        return await self.call((await self.client()).build, build_id(build))

    @operation()
    async def delete(self, build: str) -> None:
        """Delete a build's files and archive, which conda-store does in the background."""
        await self.call((await self.client()).delete_build, build_id(build))


class RebuildHandler(CondaStoreHandler):
    """Rebuild a build."""

    @operation(BuildDetail, status=202)
    async def post(self, build: str) -> BuildDetail:
        """Have a build's specification built again; answers with the new build before it is done."""
        client = await self.client()
        return await self.call(client.build, await self.call(client.rebuild, build_id(build)))


class CancelBuildHandler(CondaStoreHandler):
    """Cancel a build."""

    @operation(BuildDetail)
    async def post(self, build: str) -> BuildDetail:
        """Ask for a build to be cancelled, which takes conda-store some seconds."""
        client, number = await self.client(), build_id(build)
        await self.call(client.cancel_build, number)
        return await self.call(client.build, number)
