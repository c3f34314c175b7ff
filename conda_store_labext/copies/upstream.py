"""The conda-store in use: the configured one, else the local one while it runs."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from ..client.client import CondaStoreClient
from ..client.connection import Connection
from ..errors import CondaStoreLabError, InvalidRequest, NotConfigured
from ..local import LocalServer
from ..models import ErrorInfo, LocalStoreStatus, Status


class Upstream:
    """The conda-store server that this process talks to; it may appear, move and go away meanwhile.

    `configured` is None when nothing is configured: then the embedded store is used whenever it runs. It is
    an error when what is configured cannot work: then that is raised by whatever needs the server.
    """

    def __init__(
        self,
        configured: Connection | InvalidRequest | None,
        local: LocalServer,
        namespaces: Iterable[str] = (),
        timeout: float = 30.0,
    ) -> None:
        self.configured = configured
        self.local = local
        self._namespaces = tuple(namespaces)
        self._timeout = timeout
        self._client: CondaStoreClient | None = None
        self._lock = threading.Lock()

    def connection(self) -> Connection:
        """Return where to connect to; NotConfigured, with what to do, when there is nothing."""
        if isinstance(self.configured, InvalidRequest):
            raise self.configured
        if self.configured:
            return self.configured
        credentials = self.local.credentials()
        if credentials is None:
            raise NotConfigured(
                "No conda-store is configured; set CONDA_STORE_URL, or start a local store with "
                "`jupyter conda-store local start`."
            )
        return Connection(
            credentials.url,
            auth="token",
            token=credentials.token,
            timeout=self._timeout,
            identity=credentials.identity,
        )

    def client(self) -> CondaStoreClient:
        """Return the client for the server in use, the same one as long as that stays the same."""
        connection = self.connection()
        with self._lock:
            if self._client is None or self._client.connection != connection:
                # handlers may still be asking the one before, whose connections end with the last of them
                self._client = CondaStoreClient(connection, self._namespaces)
            return self._client

    def status(self, local: LocalStoreStatus | None = None) -> Status:
        """Return how things stand; never raises. `local` is the embedded store's status where it is known."""
        local = local or self.local.status()
        version: str | None = None
        url: str | None = None
        try:
            client = self.client()
            url = client.connection.url
            version = client.version()
            client.require_authenticated()
        except CondaStoreLabError as error:
            info = ErrorInfo(error.code, str(error))
            reachable = version is not None
            return Status(url, reachable, False, version, info, local)
        return Status(url, True, True, version, None, local)

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            if self._client:
                self._client.close()
                self._client = None
