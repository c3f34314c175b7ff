"""Kernels of environments that are fetched when they are started."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..errors import InvalidRequest
from ..models import CopyRequest, Kernel
from ..models.reference import Reference
from ..on_demand import starts
from ..on_demand.sync import LaunchableKernel, SyncSummary
from .base import CondaStoreHandler
from .operation import SEARCH, Parameter, operation, size

MOST_PLACES = 1000


@dataclass(frozen=True)
class KernelList:
    """Environments that could be kernels."""

    kernels: tuple[LaunchableKernel, ...]


@dataclass(frozen=True)
class SyncRequest:
    """Environments, as `namespace/environment`, whose kernels are brought up to date before all others."""

    first: tuple[str, ...] | None = None


class KernelsHandler(CondaStoreHandler):
    """Kernels that are or could be."""

    @operation(KernelList, query=(SEARCH, size(50)))
    async def get(self, search: str, size: int) -> KernelList:
        """Find environments that could be kernels, whether they are there or not."""
        sync = await self.call(self.services.kernels.kernels)
        return KernelList(tuple(await self.call(sync.search, search, size)))

    @operation(Kernel, status=201, body=CopyRequest)
    async def post(self, body: CopyRequest) -> Kernel:
        """Have a kernel of one environment, or of one of its builds; nothing is downloaded."""
        if not body.namespace or not body.environment:
            raise InvalidRequest("namespace and environment must not be empty; correct the request.")
        sync = await self.call(self.services.kernels.kernels)
        kernel = await self.call(sync.one, body.namespace, body.environment, body.build_id)
        return Kernel(kernel.name, kernel.display_name, kernel.language)


@dataclass(frozen=True)
class EndedStarts:
    """Number of kernels whose start was ended."""

    ended: int


class KernelStartsHandler(CondaStoreHandler):
    """Kernels that wait for their environment."""

    @operation(EndedStarts, query=(Parameter("path", None),))
    async def delete(self, path: str) -> EndedStarts:
        """End the starts for a path that has no session yet; what was being fetched for them ends."""
        # a kernel is told its session's path as a file's
        folder = self.kernel_manager.cwd_for_path(path)  # type: ignore[no-untyped-call]
        file = Path(folder) / PurePosixPath(path).name
        return EndedStarts(starts.end_session(str(file)))


class KernelsSyncHandler(CondaStoreHandler):
    """Kernels brought up to date."""

    @operation(SyncSummary, body=SyncRequest)
    async def post(self, body: SyncRequest) -> SyncSummary:
        """Bring the kernels up to date now, those of the environments in `first` before all others."""
        places = None
        if body.first is not None:
            references = [Reference.parse(text) for text in body.first[:MOST_PLACES]]
            places = [(reference.namespace, reference.environment) for reference in references]
        return await self.call(self.services.kernels.sync, places)
