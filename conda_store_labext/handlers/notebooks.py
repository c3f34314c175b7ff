"""What notebooks remember of their builds, how those stand, and what new notebooks of a folder start on."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from ..errors import CondaStoreLabError, NotFound
from ..folderdefault import FolderDefault, folder_default
from ..kernelnames import KernelIdentity
from ..models import BuildDetail
from ..notebookfile import rebuild
from ..provenance import NotebookRecord, lockfile_of, record, this_platform
from ..standing import Standing, standing
from .base import CondaStoreHandler, guarded
from .operation import Parameter, documented


class RecordHandler(CondaStoreHandler):
    """GET notebooks/record?kernel_id= -> NotebookRecord."""

    @documented(NotebookRecord, query=(Parameter("kernel_id", None),))
    @guarded
    async def get(self) -> None:
        """Return what a notebook is to remember of the running kernel; 404 when that is none of ours."""
        kernel_id = self.get_query_argument("kernel_id")
        if kernel_id not in self.kernel_manager:
            raise NotFound("There is no such kernel; it may have ended.")
        kernel = self.kernel_manager.get_kernel(kernel_id)
        identity = KernelIdentity.of(kernel.kernel_spec.metadata if kernel.kernel_spec else None)
        if identity is None or identity.build_id is None:
            raise NotFound("This kernel does not come from conda-store; choose one that does.")
        known = identity, identity.build_id
        name = kernel.kernel_name
        try:
            client = await self.call(self.services.server.client)
            found = await self.call(record, client, name, *known)
        except CondaStoreLabError:
            found = NotebookRecord(
                name,
                identity.server,
                identity.namespace,
                identity.environment,
                known[1],
                None,
                this_platform(),
            )
        self.answer(asdict(found))


class StandingHandler(CondaStoreHandler):
    """POST notebooks/standing NotebookRecord -> Standing."""

    @documented(Standing, body=NotebookRecord)
    @guarded
    async def post(self) -> None:
        """Say how a notebook's build stands."""
        known = NotebookRecord.of(self.body())
        self.answer(asdict(await self.call(standing, known, self.services.server, self.services.store)))


class NotebookRebuildHandler(CondaStoreHandler):
    """POST notebooks/rebuild NotebookRecord -> 202 BuildDetail."""

    @documented(BuildDetail, status=202, body=NotebookRecord)
    @guarded
    async def post(self) -> None:
        """Have a notebook's build built again from its lockfile, as the server still has it."""
        known = NotebookRecord.of(self.body())
        client = await self.call(self.services.server.client)
        if client.connection.identity.rstrip("/") != known.server.rstrip("/"):
            raise NotFound(
                f"{known} belongs to conda-store at {known.server}; write its lockfile there with "
                "`jupyter conda-store lock` and build it here with `jupyter conda-store rebuild`."
            )
        lockfile = await self.call(lockfile_of, client, known.build_id)
        build_id = await self.call(rebuild, known, lockfile, client)
        self.answer(asdict(await self.call(client.build, build_id)), 202)


class FolderHandler(CondaStoreHandler):
    """GET folder?path= -> FolderDefault."""

    @documented(FolderDefault, query=(Parameter("path"),))
    @guarded
    async def get(self) -> None:
        """Return what new notebooks of a folder start on."""
        root = getattr(self.contents_manager, "root_dir", None)
        if not root:  # contents that are not files
            self.answer(asdict(FolderDefault(None, None, None, None)))
            return
        path = self.get_query_argument("path", "")
        self.answer(asdict(await self.call(folder_default, Path(root), path)))
