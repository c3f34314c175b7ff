"""The embedded default: a real conda-store-server on this machine, and `LocalStore` to run it."""

from .local_store import LocalCredentials, LocalStore
from .settings import LocalSettings

__all__ = ["LocalCredentials", "LocalSettings", "LocalStore"]
