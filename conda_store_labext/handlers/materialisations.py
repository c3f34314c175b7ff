"""Local copies: what there is, making one, removing one."""

from __future__ import annotations

from dataclasses import asdict

from ..errors import InvalidRequest, NotConfigured
from ..manager import in_use
from ..reference import Reference
from .base import CondaStoreHandler, build_id, guarded


class MaterialisationsHandler(CondaStoreHandler):
    """GET -> {materialisations}; POST {namespace, environment, build_id} -> Materialisation."""

    @guarded
    async def get(self) -> None:
        """List the copies of the server in use; of every server while none is in use."""
        try:
            identity = (await self.call(self.services.server.connection)).identity
        except NotConfigured:
            identity = None
        found = await self.call(self.services.manager.all, identity)
        self.answer({"materialisations": [asdict(one) for one in found]})

    @guarded
    async def post(self) -> None:
        """Start to materialise a build, or join who already does; answers before it is done."""
        body = self.body()
        namespace, environment, build = (body.get(key) for key in ("namespace", "environment", "build_id"))
        if not (isinstance(namespace, str) and isinstance(environment, str) and namespace and environment):
            raise InvalidRequest("namespace and environment must be given as texts; correct the request.")
        if build is not None and (not isinstance(build, int) or isinstance(build, bool)):
            raise InvalidRequest("build_id must be a whole number or null; correct the request.")
        reference = Reference(namespace, environment, None if build is None else build_id(build))
        self.answer(asdict(await self.call(self.services.manager.start, reference)), 202)


class MaterialisationHandler(CondaStoreHandler):
    """DELETE materialisations/{key} -> nothing."""

    @guarded
    async def delete(self, key: str) -> None:
        """Remove a local copy and its kernelspecs, unless a kernel of it runs in this server."""
        running = {kernel["name"] for kernel in self.kernel_manager.list_kernels()}  # type: ignore[no-untyped-call]
        copy = await self.call(self.services.manager.get, key)
        if running & {kernel.name for kernel in copy.kernels}:
            raise in_use(copy.namespace, copy.environment, copy.build_id)
        await self.call(self.services.manager.remove, key)
        self.set_status(204)
        self.finish()


class CancelHandler(CondaStoreHandler):
    """POST materialisations/{key}/cancel -> Materialisation."""

    @guarded
    async def post(self, key: str) -> None:
        """Ask a materialisation to stop."""
        self.answer(asdict(await self.call(self.services.manager.cancel, key)))
