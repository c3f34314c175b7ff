"""Namespaces, and what the user is permitted to do."""

from __future__ import annotations

from ..models import Namespace, NamespaceList, NamespaceRequest, Permissions
from .base import CondaStoreHandler
from .operation import SEARCH, operation


class NamespacesHandler(CondaStoreHandler):
    """Every namespace."""

    @operation(NamespaceList, query=(SEARCH,))
    async def get(self, search: str) -> NamespaceList:
        """List all namespaces by name, with how many environments of each match the search."""
        return NamespaceList(await self.call((await self.client()).namespaces, search))

    @operation(Namespace, status=201, body=NamespaceRequest)
    async def post(self, body: NamespaceRequest) -> Namespace:
        """Make a namespace."""
        return await self.call((await self.client()).create_namespace, body.name)


class NamespaceHandler(CondaStoreHandler):
    """One namespace."""

    @operation()
    async def delete(self, name: str) -> None:
        """Delete a namespace with all its environments, which conda-store does in the background."""
        await self.call((await self.client()).delete_namespace, name)


class PermissionsHandler(CondaStoreHandler):
    """The user at conda-store."""

    @operation(Permissions)
    async def get(self) -> Permissions:
        """Say whom conda-store takes the user for."""
        return await self.call((await self.client()).permissions)
