"""Environments: the list, and one of them to look at, change and delete."""

from __future__ import annotations

from functools import partial

from ..client.filters import EVERY, LAUNCHABLE
from ..errors import InvalidRequest
from ..models import Environment, EnvironmentChange, EnvironmentPage
from .base import CondaStoreHandler
from .operation import PAGE, SEARCH, Parameter, operation, size

ONLY_LAUNCHABLE = Parameter("launchable", False)


class EnvironmentsHandler(CondaStoreHandler):
    """Every environment."""

    @operation(EnvironmentPage, query=(SEARCH, Parameter("namespace"), ONLY_LAUNCHABLE, PAGE, size(50)))
    async def get(
        self, search: str, namespace: str, launchable: bool, page: int, size: int
    ) -> EnvironmentPage:
        """List environments by namespace and name: of one namespace or all, launchable ones alone or all."""
        client = await self.client()
        # who looks at environments soon wants one
        self.services.executor.submit(self.services.manager.prepare)
        filters = LAUNCHABLE if launchable else EVERY
        return await self.call(client.environments, search, page, size, namespace, filters)


class EnvironmentHandler(CondaStoreHandler):
    """One environment."""

    @operation(Environment)
    async def get(self, namespace: str, name: str) -> Environment:
        """Show an environment."""
        return await self.call((await self.client()).environment, namespace, name)

    @operation(Environment, body=EnvironmentChange)
    async def patch(self, namespace: str, name: str, body: EnvironmentChange) -> Environment:
        """Change the description, the active build, or both."""
        if body == EnvironmentChange():
            raise InvalidRequest("Nothing to change; give a description or a current_build_id.")
        update = (await self.client()).update_environment
        return await self.call(
            partial(update, namespace, name, description=body.description, build_id=body.current_build_id)
        )

    @operation()
    async def delete(self, namespace: str, name: str) -> None:
        """Delete an environment with all its builds, which conda-store does in the background."""
        await self.call((await self.client()).delete_environment, namespace, name)
