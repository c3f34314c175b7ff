"""The environments of a server, their namespaces, and what the user may do with them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .builds import BuildStatus


class Action(str, Enum):
    """An action on an environment; `edit` changes its description or active build."""

    BUILD = "build"
    EDIT = "edit"
    DELETE = "delete"
    CANCEL = "cancel"
    DELETE_BUILD = "delete_build"


class NamespaceAction(str, Enum):
    """An action on a namespace."""

    CREATE_ENVIRONMENT = "create_environment"
    DELETE = "delete"


@dataclass(frozen=True)
class Environment:
    """One environment of the server: a row of the panel.

    `status` is that of the active build (null when there is none), `launchable` says whether that build
    has an archive to download, `running_build_id` names a newer build that is queued or being built and
    `running_status` which of the two. A `FAILED` environment is one whose active build failed. `may` is what
    the user is permitted to do with it.
    """

    id: int
    namespace: str
    name: str
    description: str
    current_build_id: int | None
    status: BuildStatus | None
    launchable: bool
    running_build_id: int | None
    running_status: BuildStatus | None
    may: tuple[Action, ...]


@dataclass(frozen=True)
class EnvironmentPage:
    """A page of environments; `page` counts from 1, `count` is over all pages."""

    environments: tuple[Environment, ...]
    page: int
    size: int
    count: int


@dataclass(frozen=True)
class Namespace:
    """A namespace, with how many environments of it match the search."""

    name: str
    environments: int
    may: tuple[NamespaceAction, ...]


@dataclass(frozen=True)
class NamespaceList:
    """All namespaces that may be seen, by name."""

    namespaces: tuple[Namespace, ...]


@dataclass(frozen=True)
class Permissions:
    """Whom the server takes the user for; `create_namespace` says whether any namespace may be created.

    `expires` is when the credentials stop to count, null when the server does not say.
    """

    authenticated: bool
    primary_namespace: str
    create_namespace: bool
    expires: str | None
