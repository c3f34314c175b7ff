"""Local copies: what there is, making one, removing one."""

from __future__ import annotations

from ..copies.copies import in_use
from ..errors import InvalidRequest, NotConfigured
from ..models import CopyList, CopyRequest, LocalCopy
from ..models.reference import Reference
from ..pipeline.packages.local_file import SERVER as FILES
from .base import CondaStoreHandler
from .operation import operation


class CopiesHandler(CondaStoreHandler):
    """Every local copy."""

    @operation(CopyList)
    async def get(self) -> CopyList:
        """List the copies of the server in use and of files; of every server while none is in use."""
        try:
            identity = (await self.call(self.services.upstream.connection)).identity
        except NotConfigured:
            identity = None
        copies = await self.call(self.services.manager.all)
        return CopyList(
            tuple(copy for copy in copies if identity is None or copy.server in (identity, FILES))
        )

    @operation(LocalCopy, status=202, body=CopyRequest)
    async def post(self, body: CopyRequest) -> LocalCopy:
        """Start to fetch a build, or join who already does; answers before it is done."""
        if not body.namespace or not body.environment:
            raise InvalidRequest("namespace and environment must not be empty; correct the request.")
        reference = Reference(body.namespace, body.environment, body.build_id)
        return await self.call(self.services.manager.start, reference)


class CopyHandler(CondaStoreHandler):
    """One local copy."""

    @operation()
    async def delete(self, key: str) -> None:
        """Remove a local copy and its kernelspecs, unless a kernel of it runs in this server."""
        running = {kernel["name"] for kernel in self.kernel_manager.list_kernels()}  # type: ignore[no-untyped-call]
        copy = await self.call(self.services.manager.get, key)
        if running & {kernel.name for kernel in copy.kernels}:
            raise in_use(copy)
        await self.call(self.services.manager.remove, key)


class CancelHandler(CondaStoreHandler):
    """Cancel the making of a copy."""

    @operation(LocalCopy)
    async def post(self, key: str) -> LocalCopy:
        """Ask a copy to stop."""
        return await self.call(self.services.manager.cancel, key)
