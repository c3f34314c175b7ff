"""Permissions of the user, derived from the server's role bindings as the server itself does it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone

from ..models import Action, NamespaceAction, Permissions
from ..models.limits import NAME_CHARACTERS
from .api import Api

KEPT_FOR = 60.0  # seconds

ACTIONS = {
    # a new build of an environment is a creation, building an old one again is an update
    Action.BUILD: {"environment:create", "environment::update"},
    Action.EDIT: {"environment::update"},
    Action.DELETE: {"environment::delete"},
    Action.CANCEL: {"build::cancel"},
    Action.DELETE_BUILD: {"build::delete"},
}
NAMESPACE_ACTIONS = {
    NamespaceAction.CREATE_ENVIRONMENT: {"environment:create"},
    NamespaceAction.DELETE: {"namespace::delete"},
}
Bindings = Mapping[str, Sequence[str]]  # roles by pattern of `namespace/name`
# in a token conda-store knows the role by its old name alone
_STORED = {"editor": "developer"}


class Grants:
    """Permissions by pattern of `namespace/name`, as `GET /permission/` gives them."""

    def __init__(self, bindings: Mapping[str, list[str]]) -> None:
        self._bindings = [
            (pattern, frozenset(granted))
            for name, granted in bindings.items()
            if (pattern := _pattern(name)) is not None
        ]

    def of(self, what: str) -> frozenset[str]:
        """Return the permissions for a `namespace/name`, or for a namespace."""
        return frozenset().union(*(granted for pattern, granted in self._bindings if pattern.match(what)))

    def actions(self, namespace: str, name: str) -> tuple[Action, ...]:
        """Return what may be done with an environment."""
        granted = self.of(f"{namespace}/{name}")
        return tuple(action for action, needed in ACTIONS.items() if needed <= granted)

    def namespace_actions(self, namespace: str) -> tuple[NamespaceAction, ...]:
        """Return what may be done with a namespace."""
        granted = self.of(namespace)
        return tuple(action for action, needed in NAMESPACE_ACTIONS.items() if needed <= granted)

    @property
    def create_namespace(self) -> bool:
        """Tell whether there is a namespace that may be created."""
        return any("namespace::create" in granted for _, granted in self._bindings)


class PermissionCache:
    """The server's word on the user, asked for again once a minute."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._lock = threading.Lock()
        self._known: tuple[float, Permissions, Grants] | None = None

    def permissions(self) -> Permissions:
        """Return whom the server takes the user for."""
        return self._ask()[0]

    def grants(self) -> Grants:
        """Return what the user may do."""
        return self._ask()[1]

    def roles(self) -> dict[str, list[str]]:
        """Return the roles by pattern of `namespace/name`."""
        roles: dict[str, list[str]] = self._api.get("permission/")["data"].get("entity_roles") or {}
        return roles

    def narrowed_token(self, roles: Bindings, expires: datetime | None, primary: str = "") -> str:
        """Return a new token that may do no more than its own roles, and that no later than `expires` (UTC).

        No roles means those of the user, no time that of the credentials, no `primary` namespace the user's.
        Raises InvalidRequest for more than the user has.
        """
        bindings = {pattern: [_STORED.get(role, role) for role in names] for pattern, names in roles.items()}
        body: dict[str, object] = {"role_bindings": bindings or None, "primary_namespace": primary or None}
        if expires:
            until, own = expires.astimezone(timezone.utc), self.permissions().expires or ""
            # the server compares it with the credentials' own time, which has no zone where they are static
            zoned = own.endswith("Z") or "+" in own
            body["expiration"] = (until if zoned else until.replace(tzinfo=None)).isoformat()
        answer = self._api.change("POST", "token/", "make a token", body)
        return str(answer["data"]["token"])

    def _ask(self) -> tuple[Permissions, Grants]:
        with self._lock:
            cached = self._known
        if cached is None or time.monotonic() - cached[0] > KEPT_FOR:
            data = self._api.get("permission/")["data"]
            grants = Grants(data.get("entity_permissions") or {})
            permissions = Permissions(
                authenticated=bool(data.get("authenticated")),
                primary_namespace=data.get("primary_namespace") or "default",
                create_namespace=grants.create_namespace,
                expires=data.get("expiration"),
            )
            cached = time.monotonic(), permissions, grants
            with self._lock:
                self._known = cached
        return cached[1:]


def _pattern(binding: str) -> re.Pattern[str] | None:
    """Return a binding as the server compiles it: `*` is replaced, the rest is a regex as it is."""
    namespace, slash, name = binding.replace("*", f"[{NAME_CHARACTERS}]*").partition("/")
    try:
        return re.compile(f"^{namespace}(?:/{name})?$") if slash else None
    except re.error:
        return None
