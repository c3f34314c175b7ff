"""Routes of a build's contents: log, packages, specification, changes since another build."""

from __future__ import annotations

from ..models import BuildLog, Changes, PackagePage, Specification
from .base import MAX_ID, CondaStoreHandler, build_id
from .operation import PAGE, SEARCH, Parameter, operation, size


class LogHandler(CondaStoreHandler):
    """A build's log."""

    @operation(BuildLog)
    async def get(self, build: str) -> BuildLog:
        """Show what a build has logged, the last mebibyte of it, and what it is doing."""
        return await self.call((await self.client()).build_log, build_id(build))


class PackagesHandler(CondaStoreHandler):
    """A build's packages."""

    @operation(PackagePage, query=(SEARCH, PAGE, size(100)))
    async def get(self, build: str, search: str, page: int, size: int) -> PackagePage:
        """List a build's packages by channel and name, those of pip at the end."""
        return await self.call((await self.client()).build_packages, build_id(build), search, page, size)


class SpecificationHandler(CondaStoreHandler):
    """A build's specification."""

    @operation(Specification)
    async def get(self, build: str) -> Specification:
        """Show what a build was made from."""
        return await self.call((await self.client()).specification, build_id(build))


class ChangesHandler(CondaStoreHandler):
    """Changes from one build to another."""

    @operation(Changes, query=(Parameter("since", None, MAX_ID),))
    async def get(self, build: str, since: int) -> Changes:
        """Compare a build with another one, `since`."""
        return await self.call((await self.client()).changes, build_id(build), since)
