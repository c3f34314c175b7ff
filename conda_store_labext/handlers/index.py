"""The packages that the server's channels have, for completion."""

from __future__ import annotations

from ..models import PackageNames, PackageVersions
from .base import CondaStoreHandler
from .operation import PAGE, SEARCH, operation, size


class PackageNamesHandler(CondaStoreHandler):
    """Names of packages."""

    @operation(PackageNames, query=(SEARCH, PAGE, size(50)))
    async def get(self, search: str, page: int, size: int) -> PackageNames:
        """List names of packages that contain the search, those that begin with it first."""
        return await self.call((await self.client()).package_names, search, page, size)


class PackageVersionsHandler(CondaStoreHandler):
    """Versions of a package."""

    @operation(PackageVersions)
    async def get(self, name: str) -> PackageVersions:
        """List the versions of a package, newest first."""
        return await self.call((await self.client()).package_versions, name)
