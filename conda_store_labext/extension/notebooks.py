"""Routes of notebooks: their records, the status of their builds, and a folder's default environment."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

from ..errors import NotFound
from ..kernels.names import KernelIdentity
from ..models import BuildDetail
from ..notebooks.folder_default import FolderDefault, below, folder_default
from ..notebooks.lockfile import lockfile_beside, rebuild, rebuild_recorded
from ..notebooks.named import named
from ..notebooks.record import NotebookRecord, missing
from ..notebooks.status import NotebookStatus, notebook_status
from .base import CondaStoreHandler, guarded
from .operation import Parameter, documented, operation
from .records import running_build


class RecordHandler(CondaStoreHandler):
    """GET notebooks/record?kernel_id= -> NotebookRecord."""

    @documented(NotebookRecord, query=(Parameter("kernel_id", None),))
    @guarded
    async def get(self) -> None:
        """Return what a notebook is to remember of the running kernel; 404 when that is none of ours."""
        kernel_id = self.get_query_argument("kernel_id")
        if kernel_id not in self.kernel_manager:
            raise NotFound("This kernel does not exist; it may have ended.")
        running = running_build(self.kernel_manager, kernel_id)
        if running is None:
            raise NotFound("This kernel does not come from conda-store; choose one that does.")
        self.answer(asdict(await self.call(self.services.records.look_up, *running)))


class NamedKernelHandler(CondaStoreHandler):
    """The environment that the name of a notebook's kernel stands for, where that kernel is not there."""

    @operation(KernelIdentity, query=(Parameter("name", None),))
    async def get(self, name: str) -> KernelIdentity:
        """Return the build or environment that a kernel's name stands for, of the server in use."""
        return await self.call(named, name, await self.client())


class NotebookHandler(CondaStoreHandler):
    """Base of routes about a notebook that may lie on the Jupyter server's disk."""

    def locked(self) -> Path | None:
        """Return where the notebook of the query's `path` is if a lockfile lies beside it; else None."""
        root = getattr(self.contents_manager, "root_dir", None)
        path = self.get_query_argument("path", "")
        if not root or not path:
            return None
        top = Path(root).resolve()
        notebook = below(top, path)
        lockfile = lockfile_beside(notebook)
        # a link that leads out of the root is not followed
        return notebook if lockfile.is_file() and lockfile.resolve().is_relative_to(top) else None


class NotebookStatusHandler(NotebookHandler):
    """POST notebooks/status?path= NotebookRecord -> NotebookStatus."""

    @documented(NotebookStatus, query=(Parameter("path"),), body=NotebookRecord)
    @guarded
    async def post(self) -> None:
        """Say how a notebook's build stands; the lockfile beside the notebook at `path` counts, too."""
        record = NotebookRecord.of(self.body())
        locked = await self.call(self.locked)
        status = await self.call(notebook_status, record, self.services.upstream, self.services.store)
        lacking = missing(record, await self.call(self.services.additions.of, record))
        rebuildable = status.rebuildable or locked is not None
        self.answer(asdict(replace(status, rebuildable=rebuildable, missing_additions=lacking)))


class NotebookRebuildHandler(NotebookHandler):
    """POST notebooks/rebuild?path= NotebookRecord -> 202 BuildDetail."""

    @documented(BuildDetail, status=202, query=(Parameter("path"),), body=NotebookRecord)
    @guarded
    async def post(self) -> None:
        """Have a notebook's build built again from the lockfile beside it, else from what the server has."""
        record = NotebookRecord.of(self.body())
        locked = await self.call(self.locked)
        client = await self.call(self.services.upstream.client)
        if locked:
            build_id = await self.call(rebuild_recorded, locked, record, client)
        elif client.connection.identity != record.server:
            raise NotFound(
                f"{record} belongs to conda-store at {record.server}; write its lockfile there with "
                "`jupyter conda-store lock` and build it here with `jupyter conda-store rebuild`."
            )
        else:
            lockfile = await self.call(client.lockfile, record.build_id)
            build_id = await self.call(rebuild, record, lockfile, client)
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
