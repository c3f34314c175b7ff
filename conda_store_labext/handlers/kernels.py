"""Kernels of environments that are fetched when they are started."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..errors import InvalidRequest
from ..kernelsync import Place
from ..reference import Reference
from .base import CondaStoreHandler, build_id, guarded


class KernelsHandler(CondaStoreHandler):
    """GET ?search=&size= -> {kernels}; POST {namespace, environment, build_id} -> its name as a kernel."""

    @guarded
    async def get(self) -> None:
        """Find environments that could be kernels, whether they are there or not."""
        search, size = self.get_query_argument("search", ""), self.number("size", 50, 100)
        sync = await self.call(self.services.kernels.kernels)
        found = await self.call(sync.search, search, size)
        self.answer({"kernels": [asdict(one) for one in found]})

    @guarded
    async def post(self) -> None:
        """Have a kernel of one environment, or of one of its builds; nothing is downloaded."""
        namespace, environment, build = named(self.body())
        sync = await self.call(self.services.kernels.kernels)
        kernel = await self.call(sync.one, namespace, environment, build)
        self.answer(
            {"name": kernel.name, "display_name": kernel.display_name, "language": kernel.language}, 201
        )


class KernelsSyncHandler(CondaStoreHandler):
    """POST kernels/sync {first} -> SyncSummary."""

    @guarded
    async def post(self) -> None:
        """Bring the kernels up to date now, those of the environments in `first` before all others."""
        first = self.body().get("first")
        places = None if first is None else _places(first)
        self.answer(asdict(await self.call(self.services.kernels.sync, places)))


def named(body: dict[str, Any]) -> tuple[str, str, int | None]:
    """Return the namespace, the environment and the build of a request; InvalidRequest when they are none."""
    namespace, environment, build = (body.get(key) for key in ("namespace", "environment", "build_id"))
    if not (isinstance(namespace, str) and isinstance(environment, str) and namespace and environment):
        raise InvalidRequest("namespace and environment must be given as texts; correct the request.")
    if build is not None and (not isinstance(build, int) or isinstance(build, bool)):
        raise InvalidRequest("build_id must be a whole number or null; correct the request.")
    return namespace, environment, None if build is None else build_id(build)


def _places(first: object) -> list[Place]:
    if not isinstance(first, list) or not all(isinstance(one, str) for one in first):
        raise InvalidRequest(
            'first must be a list of texts like "namespace/environment"; correct the request.'
        )
    found = [Reference.parse(one) for one in first[:1000]]
    return [(one.namespace, one.environment) for one in found]
