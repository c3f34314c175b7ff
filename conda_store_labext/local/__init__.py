"""The embedded default: a real conda-store-server on this machine, and `LocalServer` to run it."""

from .local_server import LocalCredentials, LocalServer
from .settings import LocalSettings

__all__ = ["LocalCredentials", "LocalServer", "LocalSettings"]
