"""Local copies: what there is, making one, removing one."""

from __future__ import annotations

from ..copies import in_use
from ..errors import InvalidRequest, NotConfigured
from ..models import Materialisation, MaterialisationList, MaterialisationRequest
from ..reference import Reference
from .base import CondaStoreHandler
from .operation import operation


class MaterialisationsHandler(CondaStoreHandler):
    """Every local copy."""

    @operation(MaterialisationList)
    async def get(self) -> MaterialisationList:
        """List the copies of the server in use; of every server while none is in use."""
        try:
            identity = (await self.call(self.services.server.connection)).identity
        except NotConfigured:
            identity = None
        return MaterialisationList(tuple(await self.call(self.services.manager.all, identity)))

    @operation(Materialisation, status=202, body=MaterialisationRequest)
    async def post(self, body: MaterialisationRequest) -> Materialisation:
        """Start to materialise a build, or join who already does; answers before it is done."""
        if not body.namespace or not body.environment:
            raise InvalidRequest("namespace and environment must not be empty; correct the request.")
        reference = Reference(body.namespace, body.environment, body.build_id)
        return await self.call(self.services.manager.start, reference)


class MaterialisationHandler(CondaStoreHandler):
    """One local copy."""

    @operation()
    async def delete(self, key: str) -> None:
        """Remove a local copy and its kernelspecs, unless a kernel of it runs in this server."""
        running = {kernel["name"] for kernel in self.kernel_manager.list_kernels()}  # type: ignore[no-untyped-call]
        copy = await self.call(self.services.manager.get, key)
        if running & {kernel.name for kernel in copy.kernels}:
            raise in_use(copy.namespace, copy.environment, copy.build_id)
        await self.call(self.services.manager.remove, key)


class CancelHandler(CondaStoreHandler):
    """A materialisation's end before its time."""

    @operation(Materialisation)
    async def post(self, key: str) -> Materialisation:
        """Ask a materialisation to stop."""
        return await self.call(self.services.manager.cancel, key)
