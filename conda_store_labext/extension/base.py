"""Base of every route: authentication, JSON in and out; here alone an error becomes an HTTP status."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from http.client import responses
from typing import Any, TypeVar

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from ..client.client import CondaStoreClient
from ..errors import CondaStoreLabError, InvalidRequest, NotFound
from .services import Services

T = TypeVar("T")

RESOURCE = "conda_store"  # what a jupyter_server Authorizer is asked about
MAX_ID = 2**63 - 1

STATUS = {
    "invalid_request": 400,
    # not 401: to a browser that would mean that the Jupyter server wants a sign-in
    "not_authenticated": 403,
    "forbidden": 403,
    "not_trusted": 403,
    "repository_refused": 403,
    "not_found": 404,
    "conflict": 409,
    "hides_packages": 409,
    "kernel_running": 409,
    "not_launchable": 409,
    "no_kernel": 409,
    "cancelled": 409,
    "server_error": 502,
    "download_failed": 502,
    "package_unavailable": 502,
    "unsuitable_lockfile": 400,
    "bad_archive": 502,
    "repository": 502,
    "repository_unreachable": 502,
    "unsafe_archive": 502,
    "not_configured": 503,
    "server_unreachable": 503,
    "server_timeout": 504,
    "disk_full": 507,
}


def guarded(
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
    """Base handler: the services, JSON in and out, errors as `{code, message}`."""

    auth_resource = RESOURCE

    def initialize(self, services: Services) -> None:
        """Take what the application built."""
        self.services = services

    async def call(self, function: Callable[..., T], *args: object) -> T:
        """Run a blocking function in the executor."""
        return await asyncio.get_running_loop().run_in_executor(self.services.executor, function, *args)

    async def client(self) -> CondaStoreClient:
        """Return the client for the server in use."""
        return await self.call(self.services.upstream.client)

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

    def body(self) -> dict[str, Any]:
        """Return the request's JSON object; InvalidRequest when it is none."""
        try:
            body = json.loads(self.request.body or b"{}")
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise InvalidRequest("The request's body must be a JSON object; correct it.")
        return body


class NoRouteHandler(CondaStoreHandler):
    """Every address below `conda-store/` that is no route: an answer in JSON like all others."""

    @guarded
    async def get(self, *_: str) -> None:
        """Say that there is nothing."""
        raise NotFound("There is nothing at this address; reload the page.")

    post = put = patch = delete = get


def build_id(text: str | int) -> int:
    """Return a build's id; InvalidRequest when the number is none."""
    if not 1 <= (number := int(text)) <= MAX_ID:
        raise InvalidRequest("A build's id is a whole number from 1; correct it.")
    return number
