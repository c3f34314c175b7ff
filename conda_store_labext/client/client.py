"""CondaStoreClient: conda-store's REST API v1 as this package's nouns (source: conda-store-server 2025.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from ..models import (
    Build,
    BuildDetail,
    BuildLog,
    BuildPage,
    Changes,
    Environment,
    EnvironmentPage,
    Namespace,
    PackageNames,
    PackagePage,
    PackageVersions,
    Permissions,
    Preview,
    Specification,
)
from .api import Api
from .archive_response import ArchiveResponse
from .buildfiles import BuildFiles, specified_variables
from .buildlist import BuildList
from .builds import Builds
from .connection import Connection
from .environments import Environments
from .filters import EVERY, Filters
from .namespaces import Namespaces
from .packages import Packages
from .permissions import Bindings, PermissionCache
from .platform import ServerPlatform
from .solves import Solves


class CondaStoreClient:
    """A client of one conda-store server; blocking, safe to use from several threads.

    Every method raises the kinds of CondaStoreLabError that `transport` names. `namespaces` limits the
    lists to those namespaces; empty means all that the server shows. Pages count from 1, their sizes are 1
    to 100.
    """

    def __init__(self, connection: Connection, namespaces: Iterable[str] = ()) -> None:
        self.connection = connection
        self._api = Api(connection)
        self._authority = PermissionCache(self._api)
        self._platform = ServerPlatform(self._api, self._authority)
        self._environments = Environments(self._api, self._authority, namespaces)
        self._namespaces = Namespaces(self._api, self._authority, self._environments)
        self._files = BuildFiles(self._api)
        self._builds = Builds(self._api, self._environments, self._files)
        self._build_list = BuildList(self._api, self._environments)
        self._packages = Packages(self._api, self._files)
        self._solves = Solves(self._api, self._builds, self._files, self._packages)

    def close(self) -> None:
        """Close the connections; requests under way end at once with ServerUnreachable."""
        self._api.close()

    def version(self) -> str:
        """Return the server's version, e.g. `2025.2.2`."""
        return self._api.server()[0]

    def version_and_date(self) -> tuple[str, str]:
        """Return the server's version and its time as HTTP's Date has it, or ""."""
        return self._api.server()

    def platform(self) -> str:
        """Return conda's name of the platform that the server builds for, e.g. `linux-64`."""
        return self._platform.name()

    def require_authenticated(self) -> None:
        """Raise NotAuthenticated when credentials are configured and the server does not know them."""
        self._api.require_authenticated()

    def permissions(self) -> Permissions:
        """Return whom the server takes the user for."""
        return self._authority.permissions()

    def roles(self) -> dict[str, list[str]]:
        """Return the user's roles by pattern of `namespace/name`."""
        return self._authority.roles()

    def narrowed_token(self, roles: Bindings, expires: datetime | None, primary: str = "") -> str:
        """Return a new token that may do no more than its own roles, until `expires` (UTC) at the latest."""
        return self._authority.narrowed_token(roles, expires, primary)

    def environments(
        self, search: str = "", page: int = 1, size: int = 50, namespace: str = "", filters: Filters = EVERY
    ) -> EnvironmentPage:
        """Return a page of environments, by namespace and name; of one namespace if that is named."""
        return self._environments.page(search, namespace, page, size, filters)

    def environment(self, namespace: str, name: str) -> Environment:
        """Return one environment."""
        return self._environments.one(namespace, name)

    def launchable_with(
        self,
        package: str,
        *,
        namespace: str | None = None,
        name: str = "",
        search: str = "",
        limit: int | None = None,
    ) -> Iterator[tuple[tuple[str, str], int]]:
        """Yield (namespace, name) and active build of launchable environments with a package."""
        return self._environments.launchable_with(
            package, namespace=namespace, name=name, search=search, limit=limit
        )

    def update_environment(
        self, namespace: str, name: str, description: str | None = None, build_id: int | None = None
    ) -> Environment:
        """Change the description, the active build or both, and return the environment."""
        if build_id is not None:
            self._builds.activate(namespace, name, build_id)
        if description is not None:
            self._environments.one(namespace, name)
            self._environments.update(namespace, name, {"description": description})
        return self._environments.one(namespace, name)

    def delete_environment(self, namespace: str, name: str) -> None:
        """Delete an environment; the server removes its builds in the background."""
        self._environments.delete(namespace, name)

    def namespaces(self, search: str = "") -> tuple[Namespace, ...]:
        """Return every namespace, by name, with how many environments match the search."""
        return self._namespaces.all(search)

    def create_namespace(self, name: str) -> Namespace:
        """Make a namespace; Conflict when there is one of that name."""
        return self._namespaces.create(name)

    def delete_namespace(self, name: str) -> None:
        """Delete a namespace with all that is in it, which the server does in the background."""
        self._namespaces.delete(name)

    def builds(self, namespace: str, name: str, page: int = 1, size: int = 20) -> BuildPage:
        """Return a page of an environment's builds, newest first."""
        return self._builds.page(namespace, name, page, size)

    def every_build(self, namespace: str = "", name: str = "", filters: Filters = EVERY) -> Iterator[Build]:
        """Yield the builds of one environment, or of all, newest first."""
        return self._build_list.every(namespace, name, filters)

    def build(self, build_id: int) -> BuildDetail:
        """Return one build, with why it failed."""
        return self._builds.one(build_id)

    def launchable(self, namespace: str, name: str, build_id: int | None = None) -> BuildDetail:
        """Return the build to launch, the active one unless it is named; NotLaunchable with the reason."""
        return self._builds.launchable(namespace, name, build_id)

    def directory(self, build_id: int) -> str | None:
        """Return the folder in which the server keeps a build, None where it does not say."""
        return self._builds.directory(build_id)

    def create_build(
        self,
        namespace: str,
        specification: str,
        *,
        is_lockfile: bool = False,
        environment: str | None = None,
        description: str | None = None,
    ) -> int:
        """Have a specification (YAML) or a lockfile built; return the build's id."""
        return self._builds.create(
            namespace,
            specification,
            is_lockfile=is_lockfile,
            environment=environment,
            description=description,
        )

    def rebuild(self, build_id: int) -> int:
        """Have the specification of a build built again; return the new build's id."""
        return self._builds.rebuild(build_id)

    def cancel_build(self, build_id: int) -> None:
        """Ask for a build to be cancelled; Conflict when it cannot be."""
        self._builds.cancel(build_id)

    def delete_build(self, build_id: int) -> None:
        """Delete a build's files, which the server does in the background; Conflict if it cannot."""
        self._builds.delete(build_id)

    def log(self, build_id: int) -> str:
        """Return the last 4 MiB of what a build has logged so far."""
        return self._files.log(build_id)

    def build_log(self, build_id: int) -> BuildLog:
        """Return the end of a build's log, with what the build is doing."""
        return self._files.shown_log(build_id, self._builds.row(build_id))

    def specification(self, build_id: int) -> Specification:
        """Return what a build was made from."""
        return self._files.specification(build_id, self._builds.row(build_id))

    def variables(self, build_id: int) -> dict[str, str]:
        """Return the variables that a build's specification wants set in its environment."""
        return specified_variables(self._builds.recent(build_id))

    def lockfile(self, build_id: int) -> dict[str, Any]:
        """Return a build's lockfile; NotFound when it has none."""
        return self._files.lockfile(build_id)

    def preview(self, specification: str, since: int | None) -> Preview:
        """Return what a specification would be solved to, compared with build `since` if given."""
        return self._solves.preview(specification, since)

    def packages(self, build_id: int) -> Future[frozenset[tuple[str, str]]]:
        """Return what will have name and version of every conda package of a build, while others ask."""
        return self._api.pool.submit(self._packages.pairs, build_id)

    def build_packages(self, build_id: int, search: str = "", page: int = 1, size: int = 100) -> PackagePage:
        """Return a page of a build's packages whose names contain the search."""
        return self._packages.of_build(build_id, search, page, size)

    def changes(self, build_id: int, since: int) -> Changes:
        """Return what changed from build `since` to the build."""
        texts = (self.specification(since).text, self.specification(build_id).text)
        return self._packages.changes(build_id, since, texts)

    def package_names(self, search: str = "", page: int = 1, size: int = 100) -> PackageNames:
        """Return a page of the names in the server's index that contain the search."""
        return self._packages.names(search, page, size)

    def package_versions(self, name: str) -> PackageVersions:
        """Return the versions of a package in the server's index, newest first."""
        return self._packages.versions(name)

    def export(self, build_id: int, name: str) -> bytes:
        """Return a build's exact packages as an environment.yml of that name."""
        return self._files.export(build_id, name)

    def open_artifact(
        self, build_id: int, kind: str, offset: int = 0, validator: str | None = None
    ) -> ArchiveResponse:
        """Open the download of an artifact (archive, lockfile, yaml, log), from byte `offset` on."""
        return self._files.open(build_id, kind, offset, validator)
