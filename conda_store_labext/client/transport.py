"""HTTP to one conda-store server: credentials, redirects, and every fault as one sentence."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urljoin
from weakref import WeakSet

import requests
from urllib3.connection import HTTPConnection

from ..errors import (
    CondaStoreLabError,
    Conflict,
    Forbidden,
    InvalidRequest,
    NotAuthenticated,
    NotFound,
    ServerError,
    ServerTimeout,
    ServerUnreachable,
)
from ..errors.os_errors import exhausted
from .connection import Connection, origin
from .sessions import close, new_session

MAX_ERROR_BODY = 65536  # bytes
MAX_REDIRECTS = 5
CONNECT_SECONDS = 10.0  # a host that is to be reached at all takes a connection by then


Params = Mapping[str, "str | int | list[str]"]


class Transport:
    """Pooled connections to one server; safe to use from several threads.

    Only what reads goes by a kept connection, and by a fresh one when the server has closed that meanwhile;
    what changes something cannot be sent again, as it may have arrived.

    Redirects are followed here, so that a credential goes to the server's own origin only. Cookies are
    neither kept nor sent: to conda-store a stale one beats a valid token.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._closed = False
        self._connections: WeakSet[HTTPConnection] = WeakSet()
        self._kept = new_session(connection, self._connections)
        self._fresh = new_session(connection, self._connections)
        self._fresh.headers["Connection"] = "close"

    def close(self) -> None:
        """Close the connections; requests under way end at once with ServerUnreachable."""
        self._closed = True
        for connection in list(self._connections):
            if connection.sock is not None:
                with suppress(OSError):  # it was closed meanwhile
                    connection.sock.shutdown(socket.SHUT_RDWR)
        for session in (self._kept, self._fresh):
            close(session)

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
        timeout: float | None = None,
    ) -> requests.Response:
        """Send one request to `path` below the server's URL and return its answer, redirects followed.

        `timeout` is in seconds, the connection's own unless given. Raises the kinds of CondaStoreLabError
        that stand for a server which cannot be reached or says no.
        """
        url = f"{self.connection.url}/{path}"
        for _ in range(MAX_REDIRECTS + 1):
            response = self._send_once(method, url, params, body, headers, stream, timeout)
            location = response.headers.get("Location")
            if not response.is_redirect or location is None:
                self._raise_for_status(response, storage(url, self.connection.url))
                return response
            response.close()
            url, params = urljoin(url, location), None
        raise ServerError(
            f"conda-store at {self.connection.url} redirects in circles; "
            "check CONDA_STORE_URL and the proxy before it."
        )

    def json(self, path: str, params: Params | None = None) -> tuple[dict[str, Any], Mapping[str, str]]:
        """Get conda-store's envelope at a path (`data`, `page`, `size`, `count`) and the answer's headers."""
        response = self.send("GET", path, params=params)
        try:
            envelope = response.json()
        except ValueError:
            envelope = None
        if not isinstance(envelope, dict) or "data" not in envelope:
            raise ServerError(
                f"{self.connection.url} answered, but not as conda-store does; "
                "check that CONDA_STORE_URL ends with the server's URL prefix and needs no sign-in page."
            )
        return envelope, response.headers

    def _send_once(
        self,
        method: str,
        url: str,
        params: Params | None,
        body: object,
        headers: Mapping[str, str] | None,
        stream: bool,
        timeout: float | None,
    ) -> requests.Response:
        where = self.connection.url
        elsewhere = storage(url, where)
        patience = timeout or self.connection.timeout

        def ask(session: requests.Session) -> requests.Response:
            if self._closed:
                raise requests.exceptions.ConnectionError
            return session.request(
                method,
                url,
                params=params,
                json=body,
                headers=headers,
                auth=self.connection.auth_for(url),
                timeout=(min(CONNECT_SECONDS, patience), patience),
                allow_redirects=False,
                stream=stream,
            )

        try:
            try:
                return ask(self._kept if method == "GET" else self._fresh)
            except requests.exceptions.ConnectionError as error:
                # a kept connection that the server has just closed looks like this
                if (
                    self._closed
                    or method != "GET"
                    or isinstance(error, (requests.Timeout, requests.exceptions.SSLError))
                ):
                    raise
                return ask(self._fresh)
        except requests.Timeout as error:
            if elsewhere:
                raise ServerUnreachable(_unreachable_storage(where, elsewhere)) from None
            waited = (
                min(CONNECT_SECONDS, patience) if isinstance(error, requests.ConnectTimeout) else patience
            )
            raise ServerTimeout(
                f"conda-store at {where} did not answer within {waited:g} seconds; try again later."
            ) from None
        except requests.exceptions.SSLError:
            raise ServerUnreachable(
                f"The certificate of conda-store at {where} is not trusted; install its authority's "
                "certificate (REQUESTS_CA_BUNDLE) or, on a network you trust, set CONDA_STORE_NO_VERIFY=1."
            ) from None
        except (requests.RequestException, OSError, UnicodeError) as error:
            if elsewhere and not self._closed:
                raise ServerUnreachable(_unreachable_storage(where, elsewhere)) from None
            if self._closed:
                raise ServerUnreachable(
                    f"The connection to conda-store at {where} was closed, because this program ends."
                ) from None
            if exhausted(error):
                raise ServerUnreachable(
                    f"conda-store at {where} cannot be reached because too many files are open; "
                    "close some programs or raise the limit (ulimit -n), then try again."
                ) from None
            raise ServerUnreachable(
                f"conda-store at {where} cannot be reached; "
                "check the network and CONDA_STORE_URL, then try again."
            ) from None

    def _raise_for_status(self, response: requests.Response, elsewhere: str | None) -> None:
        status = response.status_code
        if status < 400:
            return
        message = _message(response)
        response.close()
        where = self.connection.url
        if elsewhere and status in (400, 401, 403):
            raise Forbidden(
                f"{elsewhere} refuses the link to this that conda-store at {where} has signed; "
                "check that the clocks agree (`jupyter conda-store check`), then try again."
            )
        error: CondaStoreLabError
        if status == 401:
            error = NotAuthenticated(
                f"conda-store at {where} does not accept the credentials; renew the token."
            )
        elif status == 403:
            error = Forbidden(
                f"conda-store at {where} does not permit this; ask its administrator for access."
            )
        elif status == 404:
            error = NotFound(f"conda-store at {where} does not have this{message}; refresh the list.")
        elif status == 409:
            error = Conflict(f"conda-store at {where} cannot do this now{message}; try again later.")
        elif status < 500:
            error = InvalidRequest(
                f"conda-store at {where} refused the request{message}; correct it and try again."
            )
        else:
            error = ServerError(
                f"conda-store at {where} failed with HTTP {status}{message}; "
                "try again later or ask its administrator."
            )
        raise error


def storage(url: str, server: str) -> str | None:
    """Return scheme, host and port of a URL that is not the server's own, None for one that is."""
    scheme, host, port = origin(url)
    return None if (scheme, host, port) == origin(server) else f"{scheme}://{host}:{port}"


def _unreachable_storage(server: str, elsewhere: str) -> str:
    return (
        f"conda-store at {server} keeps this at {elsewhere}, which cannot be reached from here; ask its "
        "administrator for an address that users can reach (S3Storage.external_endpoint in its settings)."
    )


def _message(response: requests.Response) -> str:
    """Return what the server said of an error as ` (…)`, or nothing: only JSON counts, cut to one line."""
    try:
        body = json.loads(next(response.iter_content(MAX_ERROR_BODY), b""))
    except (ValueError, requests.RequestException):
        return ""
    message = (body.get("message") or body.get("detail")) if isinstance(body, dict) else None
    return f" ({' '.join(message.split())[:300]})" if isinstance(message, str) and message else ""
