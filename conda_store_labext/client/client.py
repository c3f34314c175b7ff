"""CondaStoreClient: conda-store's REST API v1 as this package's nouns (source: conda-store-server 2025.2)."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import NotFound, ServerError
from ..models import (
    BuildLog,
    BuildPage,
    Changes,
    Environment,
    EnvironmentPage,
    Namespace,
    PackageNames,
    PackagePage,
    Permissions,
    Specification,
)
from ..specifications.changes import compare
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
from .permissions import PermissionCache
from .solves import Solves


class CondaStoreClient:
    """What this package asks of one conda-store server; blocking, safe to use from several threads.

    Every method raises the kinds of CondaStoreLabError that `transport` names. `namespaces` limits the
    lists to those namespaces; empty means all that the server shows. Pages count from 1, their sizes are 1
    to 100.
    """

    def __init__(self, connection: Connection, namespaces: Iterable[str] = ()) -> None:
        self.connection = connection
        self._api = Api(connection)
        self._authority = PermissionCache(self._api)
        self._environments = Environments(self._api, self._authority, namespaces)
        self._namespaces = Namespaces(self._api, self._authority, self._environments)
        self._files = BuildFiles(self._api)
        self._builds = Builds(self._api, self._environments, self._files)
        self._build_list = BuildList(self._api, self._environments)
        self._packages = Packages(self._api, self._files)
        self._solves = Solves(self._api, self._builds, self._files, self._packages)
        # each as its noun has it
        self.authenticated = self._api.authenticated
        self.require_authenticated = self._api.require_authenticated
        self.narrowed_token = self._authority.narrowed_token
        self.environment = self._environments.one
        self.launchable_with = self._environments.launchable_with
        self.delete_environment = self._environments.delete
        self.create_namespace = self._namespaces.create
        self.delete_namespace = self._namespaces.delete
        self.build = self._builds.one
        self.every_build = self._build_list.every
        self.launchable = self._builds.launchable
        self.directory = self._builds.directory
        self.create_build = self._builds.create
        self.rebuild = self._builds.rebuild
        self.cancel_build = self._builds.cancel
        self.delete_build = self._builds.delete
        self.log = self._files.log
        self.open_artifact = self._files.open
        self.export = self._files.export
        self.preview = self._solves.preview
        self.package_versions = self._packages.versions

    def close(self) -> None:
        """Close the connections; requests under way end at once with ServerUnreachable."""
        self._api.close()

    def version(self) -> str:
        """Return the server's version, e.g. `2025.2.2`."""
        try:
            return str(self._api.get("")["data"].get("version", ""))
        except NotFound:
            raise ServerError(
                f"There is no conda-store at {self.connection.url}; "
                "check that CONDA_STORE_URL ends with the server's URL prefix."
            ) from None

    def permissions(self) -> Permissions:
        """Return whom the server takes the user for."""
        return self._authority.permissions()

    def roles(self) -> dict[str, list[str]]:
        """Return the user's roles by pattern of `namespace/name`."""
        return self._authority.roles()

    def environments(
        self,
        search: str = "",
        page: int = 1,
        size: int = 50,
        namespace: str = "",
        filters: Filters = EVERY,
    ) -> EnvironmentPage:
        """Return a page of environments, by namespace and name; of one namespace if that is named."""
        return self._environments.page(search, namespace, page, size, filters)

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

    def namespaces(self, search: str = "") -> tuple[Namespace, ...]:
        """Return every namespace, by name, with how many environments match the search."""
        return self._namespaces.all(search)

    def builds(self, namespace: str, name: str, page: int = 1, size: int = 20) -> BuildPage:
        """Return a page of an environment's builds, newest first."""
        return self._builds.page(namespace, name, page, size)

    def build_log(self, build_id: int) -> BuildLog:
        """Return the end of a build's log, with what the build is doing."""
        return self._files.shown_log(build_id, self._builds.row(build_id))

    def specification(self, build_id: int) -> Specification:
        """Return what a build was made from."""
        return self._files.specification(build_id, self._builds.row(build_id))

    def variables(self, build_id: int) -> dict[str, str]:
        """Return the variables that a build's specification wants set in its environment."""
        return specified_variables(self._builds.row(build_id))

    def packages(self, build_id: int) -> frozenset[tuple[str, str]]:
        """Return name and version of every conda package of a build."""
        rows = self._api.all(f"build/{build_id}/packages/")
        return frozenset((row["name"], row["version"]) for row in rows)

    def build_packages(self, build_id: int, search: str = "", page: int = 1, size: int = 100) -> PackagePage:
        """Return a page of a build's packages whose names contain the search."""
        return self._packages.of_build(build_id, search, page, size)

    def changes(self, build_id: int, since: int) -> Changes:
        """Return what changed from build `since` to the build."""
        texts = (self.specification(since).text, self.specification(build_id).text)
        old, new = self._packages.all_of_build(since), self._packages.all_of_build(build_id)
        return compare(old, new, texts, since, build_id)

    def package_names(self, search: str = "", page: int = 1, size: int = 100) -> PackageNames:
        """Return a page of the names in the server's index that contain the search."""
        return self._packages.names(search, page, size)

    def open_archive(self, build_id: int, offset: int = 0, validator: str | None = None) -> ArchiveResponse:
        """Open the download of a build's archive, from byte `offset` on if `validator` still holds."""
        return self._files.open(build_id, "archive", offset, validator)
