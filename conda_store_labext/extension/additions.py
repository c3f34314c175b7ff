"""Routes for what users add to builds: lists, installing, keeping, discarding, the specification with it."""

from __future__ import annotations

from pathlib import Path

from ..copies.promotion import promotion
from ..errors import InvalidRequest
from ..models import (
    AdditionList,
    AdditionLists,
    AddRequest,
    InstallRequest,
    Job,
    KeepRequest,
    MissingModule,
    Promotion,
)
from ..models.providers import Check, Report
from ..notebooks.folder_default import below
from ..specifications.names.modules import package_of_module
from .base import CondaStoreHandler
from .operation import Parameter, operation
from .records import running_build

ID = "additions"  # of the jobs that install


class AdditionsHandler(CondaStoreHandler):
    """The list of what was added to every build."""

    @operation(AdditionLists, query=(Parameter("kernel_id"),))
    async def get(self, kernel_id: str) -> AdditionLists:
        """List what was added to builds, or to the one of a running kernel alone; runs nothing."""
        if not kernel_id:
            return AdditionLists(await self.call(self.services.additions.list))
        running = running_build(self.kernel_manager, kernel_id)
        return AdditionLists((await self.call(self.services.additions.of, running[1]),) if running else ())


class AdditionListHandler(CondaStoreHandler):
    """The list of what was added to one build."""

    @operation(AdditionList)
    async def get(self, key: str) -> AdditionList:
        """List what was added to a build, by the key of its copy; runs nothing."""
        return await self.call(self.services.additions.get, key)

    @operation()
    async def delete(self, key: str) -> None:
        """Discard what was added to a build; kernels that run keep what they have imported."""
        await self.call(self.services.additions.discard, key)


class InstallHandler(CondaStoreHandler):
    """Adding to a build."""

    @operation(Job, status=202, body=InstallRequest)
    async def post(self, key: str, body: InstallRequest) -> Job:
        """Begin to install packages beside a build."""

        def work(report: Report, check: Check) -> None:
            self.services.additions.install(key, body.packages, report, check, hide=body.hide)

        return self.services.jobs.start(ID, f"{ID}/{key}", work)


class KeepHandler(CondaStoreHandler):
    """The project that additions are kept for."""

    @operation(AdditionList, body=KeepRequest)
    async def post(self, key: str, body: KeepRequest) -> AdditionList:
        """Keep what was added to a build for the project of a folder of Jupyter's files."""
        folder = None if body.folder is None else await self.call(self._place, body.folder)
        return await self.call(self.services.additions.keep, key, folder)

    def _place(self, path: str) -> Path:
        root = getattr(self.contents_manager, "root_dir", None)
        if not root:
            raise InvalidRequest(
                "Jupyter's files are not on this machine's disk, so there is no project folder."
            )
        return below(Path(root).resolve(), path)


class PromotionHandler(CondaStoreHandler):
    """Additions as part of their environment."""

    @operation(Promotion, body=AddRequest)
    async def post(self, key: str, body: AddRequest) -> Promotion:
        """Return the environment's specification with what was added to a build; nothing is built.

        With packages named, it is these alone.
        """
        client = await self.client()
        listing = await self.call(self.services.additions.get, key)
        return await self.call(promotion, listing, client, body.packages)


class ModuleHandler(CondaStoreHandler):
    """The package that brings a module."""

    @operation(MissingModule, query=(Parameter("name", None),))
    async def get(self, name: str) -> MissingModule:
        """Return the package that brings a module, if a table knows it; asks nobody."""
        package = await self.call(package_of_module, name)
        return MissingModule(name, *(package or (None, None)))
