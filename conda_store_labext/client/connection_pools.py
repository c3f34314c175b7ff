"""Connection pools that remember their connections, so that requests under way can be ended.

urllib3 hands a connection out of its pool for as long as a request lasts, and closes those in the pool alone.
"""

from __future__ import annotations

from weakref import WeakSet

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


def pools_that_remember(connections: WeakSet[HTTPConnection]) -> dict[str, type[HTTPConnectionPool]]:
    """Return the kinds of pool by scheme; every connection that is opened goes into `connections`."""

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            connections.add(self)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            connections.add(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
