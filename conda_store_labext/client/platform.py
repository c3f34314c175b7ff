"""The platform that the server solves and builds for."""

from __future__ import annotations

import threading

from ..errors import CondaStoreLabError
from ..models.platform import this_platform
from .api import Api, path_of
from .permissions import PermissionCache


class ServerPlatform:
    """Asks for the server's platform once; where it does not say, its builds have to run on this machine."""

    def __init__(self, api: Api, authority: PermissionCache) -> None:
        self._api = api
        self._authority = authority
        self._lock = threading.Lock()
        self._name = ""

    def name(self) -> str:
        """Return conda's name of the platform, such as `linux-64`; never raises for want of an answer."""
        with self._lock:
            if not self._name:
                self._name = self._ask()
            return self._name

    def _ask(self) -> str:
        ours = this_platform()
        try:
            # the settings of all are for administrators, those of a namespace for its editors
            namespace = self._authority.permissions().primary_namespace
            settings = self._api.get(f"setting/{path_of(namespace)}")["data"]
        except CondaStoreLabError:
            return ours
        platforms = settings.get("conda_solve_platforms")
        names = [str(name) for name in platforms] if isinstance(platforms, list) else []
        return ours if ours in names or not names else names[0]
