"""The routes below `conda-store/`: parse, call, `asdict`; here alone an error becomes an HTTP status."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from functools import wraps
from http.client import responses
from typing import Any, TypeVar

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from .errors import CondaStoreLabError, InvalidRequest, NotConfigured
from .local_starter import LocalStarter
from .manager import MaterialisationManager, in_use
from .reference import Reference
from .server import Server

T = TypeVar("T")

RESOURCE = "conda_store"  # what a jupyter_server Authorizer is asked about
MAX_ID = 2**63 - 1

STATUS = {
    "invalid_request": 400,
    # not 401: to a browser that would mean that the Jupyter server wants a sign-in
    "not_authenticated": 403,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "kernel_running": 409,
    "not_launchable": 409,
    "no_kernel": 409,
    "cancelled": 409,
    "server_error": 502,
    "download_failed": 502,
    "bad_archive": 502,
    "unsafe_archive": 502,
    "not_configured": 503,
    "server_unreachable": 503,
    "server_timeout": 504,
    "disk_full": 507,
}


@dataclass(frozen=True)
class Services:
    """What the handlers need; blocking calls run in `executor`."""

    server: Server
    manager: MaterialisationManager
    local: LocalStarter
    executor: Executor


def _guarded(
    method: Callable[..., Coroutine[Any, Any, None]],
) -> Callable[..., Awaitable[None] | None]:
    """Require a signed-in, authorised user, and turn an error of ours into its HTTP answer."""

    @web.authenticated
    @authorized
    @wraps(method)
    async def guarded(self: CondaStoreHandler, *args: str) -> None:
        try:
            await method(self, *args)
        except CondaStoreLabError as error:
            self.answer_error(error)

    return guarded


class CondaStoreHandler(APIHandler):
    """What all routes share: their services, JSON in and out, errors as `{code, message}`."""

    auth_resource = RESOURCE

    def initialize(self, services: Services) -> None:
        """Take what the application built."""
        self.services = services

    async def call(self, function: Callable[..., T], *args: object) -> T:
        """Run a blocking function in the executor."""
        return await asyncio.get_running_loop().run_in_executor(self.services.executor, function, *args)

    def answer(self, body: object, status: int = 200) -> None:
        """Answer with JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(body, separators=(",", ":")))

    def answer_error(self, error: CondaStoreLabError) -> None:
        """Answer with an error's code and sentence, and leave a line in the log."""
        self.log.warning("%s %s: %s", self.request.method, self.request.path, error)
        self.answer({"code": error.code, "message": str(error)}, STATUS.get(error.code, 500))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer what is not an error of ours without a traceback: nothing internal reaches the page."""
        reason = responses.get(status_code, "Unknown error")
        message = f"{reason}; the Jupyter server's log has the details."
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"code": "internal" if status_code >= 500 else "refused", "message": message}))

    def number(self, name: str, default: int, maximum: int) -> int:
        """Return a query argument that counts from 1; InvalidRequest when it is none."""
        text = self.get_query_argument(name, str(default))
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:20]) <= maximum:
            raise InvalidRequest(f"{name} must be a whole number from 1 to {maximum}; correct it.")
        return int(text)

    def body(self) -> dict[str, Any]:
        """Return the request's JSON object; InvalidRequest when it is none."""
        try:
            body = json.loads(self.request.body or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise InvalidRequest("The request's body must be a JSON object; correct it.")
        return body


class StatusHandler(CondaStoreHandler):
    """GET status -> Status."""

    @_guarded
    async def get(self) -> None:
        """Say which server is in use, whether it answers, and whether it knows us."""
        local = await self.call(self.services.local.status)
        self.answer(asdict(await self.call(self.services.server.status, local)))


class EnvironmentsHandler(CondaStoreHandler):
    """GET environments?search=&page=&size= -> EnvironmentPage."""

    @_guarded
    async def get(self) -> None:
        """List a page of environments."""
        search, page = self.get_query_argument("search", ""), self.number("page", 1, 10**6)
        size = self.number("size", 50, 100)
        client = await self.call(self.services.server.client)
        self.answer(asdict(await self.call(client.environments, search, page, size)))
        await self.call(self.services.manager.prepare)  # who looks at environments soon wants one


class BuildsHandler(CondaStoreHandler):
    """GET environments/{namespace}/{name}/builds?page=&size= -> BuildPage."""

    @_guarded
    async def get(self, namespace: str, name: str) -> None:
        """List a page of an environment's builds, newest first."""
        page, size = self.number("page", 1, 10**6), self.number("size", 20, 100)
        client = await self.call(self.services.server.client)
        self.answer(asdict(await self.call(client.builds, namespace, name, page, size)))


class BuildHandler(CondaStoreHandler):
    """GET builds/{build_id} -> BuildDetail."""

    @_guarded
    async def get(self, build_id: str) -> None:
        """Show one build, with why it failed."""
        client = await self.call(self.services.server.client)
        self.answer(asdict(await self.call(client.build, _build_id(int(build_id)))))


class MaterialisationsHandler(CondaStoreHandler):
    """GET -> {materialisations}; POST {namespace, environment, build_id} -> Materialisation."""

    @_guarded
    async def get(self) -> None:
        """List the copies of the server in use; of every server while none is in use."""
        try:
            identity = (await self.call(self.services.server.connection)).identity
        except NotConfigured:
            identity = None
        found = await self.call(self.services.manager.all, identity)
        self.answer({"materialisations": [asdict(one) for one in found]})

    @_guarded
    async def post(self) -> None:
        """Start to materialise a build, or join who already does; answers before it is done."""
        body = self.body()
        namespace, environment, build_id = (body.get(key) for key in ("namespace", "environment", "build_id"))
        if not (isinstance(namespace, str) and isinstance(environment, str) and namespace and environment):
            raise InvalidRequest("namespace and environment must be given as texts; correct the request.")
        if build_id is not None and (not isinstance(build_id, int) or isinstance(build_id, bool)):
            raise InvalidRequest("build_id must be a whole number or null; correct the request.")
        reference = Reference(namespace, environment, None if build_id is None else _build_id(build_id))
        self.answer(asdict(await self.call(self.services.manager.start, reference)), 202)


class MaterialisationHandler(CondaStoreHandler):
    """DELETE materialisations/{key} -> nothing."""

    @_guarded
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

    @_guarded
    async def post(self, key: str) -> None:
        """Ask a materialisation to stop."""
        self.answer(asdict(await self.call(self.services.manager.cancel, key)))


class LocalStoreHandler(CondaStoreHandler):
    """GET, POST (start), DELETE (stop) local-store -> LocalStoreStatus."""

    @_guarded
    async def get(self) -> None:
        """Say how the embedded conda-store stands."""
        self.answer(asdict(await self.call(self.services.local.status)))

    @_guarded
    async def post(self) -> None:
        """Begin to start the embedded conda-store; answers before it is up."""
        self.answer(asdict(await self.call(self.services.local.start)), 202)

    @_guarded
    async def delete(self) -> None:
        """Stop the embedded conda-store."""
        self.answer(asdict(await self.call(self.services.local.stop)))


def routes(services: Services) -> list[tuple[str, type[CondaStoreHandler], dict[str, Services]]]:
    """Return every route, relative to the Jupyter server's base URL."""
    key = r"([0-9a-f]+-[0-9]+)"
    table: list[tuple[str, type[CondaStoreHandler]]] = [
        (r"/conda-store/status", StatusHandler),
        (r"/conda-store/environments", EnvironmentsHandler),
        (r"/conda-store/environments/([^/]+)/([^/]+)/builds", BuildsHandler),
        (r"/conda-store/builds/([0-9]{1,18})", BuildHandler),
        (r"/conda-store/materialisations", MaterialisationsHandler),
        (rf"/conda-store/materialisations/{key}", MaterialisationHandler),
        (rf"/conda-store/materialisations/{key}/cancel", CancelHandler),
        (r"/conda-store/local-store", LocalStoreHandler),
    ]
    return [(pattern, handler, {"services": services}) for pattern, handler in table]


def _build_id(number: int) -> int:
    if not 1 <= number <= MAX_ID:
        raise InvalidRequest("A build's id is a whole number from 1; correct it.")
    return number
