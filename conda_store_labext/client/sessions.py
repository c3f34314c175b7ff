"""Sessions of requests that keep no cookies and remember their connections, so that requests can be ended.

urllib3 hands a connection out of its pool for as long as a request lasts, and closes those in the pool alone.
"""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from weakref import WeakSet

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from .connection import Connection

POOL_SIZE = 16


def new_session(connection: Connection, connections: WeakSet[HTTPConnection]) -> requests.Session:
    """Return a session to one server; every connection that it opens goes into `connections`."""
    session = requests.Session()
    session.verify = connection.verify
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = HTTPAdapter(pool_connections=4, pool_maxsize=POOL_SIZE)
    adapter.poolmanager.pool_classes_by_scheme = _pools_that_remember(connections)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def close(session: requests.Session) -> None:
    """Close a session and the connections in its pools, which requests leaves to the garbage collector."""
    for adapter in session.adapters.values():
        if isinstance(adapter, HTTPAdapter):
            pools = adapter.poolmanager.pools
            for pool in map(pools.get, pools.keys()):
                if pool is not None:
                    pool.close()
    session.close()


def _pools_that_remember(connections: WeakSet[HTTPConnection]) -> dict[str, type[HTTPConnectionPool]]:
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
