"""CondaStoreClient: conda-store's REST API v1 as this package's nouns (source: conda-store-server 2025.2)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from ..errors import CondaStoreLabError, Forbidden, NotAuthenticated, NotFound, NotLaunchable, ServerError
from ..models import Action, Build, BuildDetail, BuildPage, BuildStatus, Environment, EnvironmentPage
from .archive_response import ArchiveResponse
from .buildlog import failure_reason
from .connection import Connection
from .transport import Params, Transport

API = "api/v1"
PAGE_SIZE = 100  # the server's own upper limit
MAX_LOG = 4 * 1024 * 1024  # bytes; the end of a longer log is what tells
SETTLED_FOR = 60.0  # seconds for which a finished build is not asked after again
CONCURRENCY = 8


class CondaStoreClient:
    """What this package asks of one conda-store server; blocking, safe to use from several threads.

    Every method raises the kinds of CondaStoreLabError that `transport` names. `namespaces` limits the
    lists to those namespaces; empty means all that the server shows.
    """

    def __init__(self, connection: Connection, namespaces: Iterable[str] = ()) -> None:
        self.connection = connection
        self.namespaces = tuple(sorted(set(namespaces)))
        self._transport = Transport(connection)
        self._pool = ThreadPoolExecutor(CONCURRENCY, thread_name_prefix="conda-store-client")
        self._finished: dict[int, tuple[float, BuildStatus | None, bool]] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connections; requests under way end on their own."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._transport.close()

    def version(self) -> str:
        """Return the server's version, e.g. `2025.2.2`."""
        try:
            return str(self._get("")["data"].get("version", ""))
        except NotFound:
            raise ServerError(
                f"There is no conda-store at {self.connection.url}; "
                "check that CONDA_STORE_URL ends with the server's URL prefix."
            ) from None

    def authenticated(self) -> bool:
        """Whether the server knows the credentials; true when none are configured.

        An expired token gets anonymous answers instead of an error, so only this tells.
        """
        if not self.connection.has_credentials:
            return True
        return bool(self._get("permission/")["data"].get("authenticated"))

    def require_authenticated(self) -> None:
        """Raise NotAuthenticated when credentials are configured and the server does not know them."""
        if not self.authenticated():
            raise NotAuthenticated(
                f"conda-store at {self.connection.url} does not accept the configured "
                f"{'token' if self.connection.auth == 'token' else 'user name and password'} "
                "(expired or mistyped); renew it, then try again."
            )

    def environments(self, search: str = "", page: int = 1, size: int = 50) -> EnvironmentPage:
        """Return a page of environments, by namespace and name; `size` is 1 to 100."""
        running = self._pool.submit(self._running)
        rows, count = self._rows(search, page, size)
        states = list(self._pool.map(self._state, [row["current_build_id"] for row in rows]))
        building = running.result()
        environments = []
        for row, (status, launchable) in zip(rows, states, strict=True):
            build_id, running_status = building.get(row["id"], (None, None))
            environments.append(
                Environment(
                    id=row["id"],
                    namespace=row["namespace"]["name"],
                    name=row["name"],
                    description=row.get("description") or "",
                    current_build_id=row["current_build_id"],
                    status=status,
                    launchable=launchable,
                    running_build_id=build_id,
                    running_status=running_status,
                    may=tuple(Action),
                )
            )
        return EnvironmentPage(tuple(environments), page, size, count)

    def environment(self, namespace: str, name: str) -> Environment:
        """Return one environment; NotFound when there is none of that name, or none that may be seen."""
        row = self._get(
            f"environment/{quote(namespace, safe='')}/{quote(name, safe='')}/", f"{namespace}/{name}"
        )["data"]
        status, launchable = self._state(row["current_build_id"])
        return Environment(
            row["id"],
            namespace,
            name,
            row.get("description") or "",
            row["current_build_id"],
            status,
            launchable,
            None,
            None,
            tuple(Action),
        )

    def builds(self, namespace: str, name: str, page: int = 1, size: int = 20) -> BuildPage:
        """Return a page of an environment's builds, newest first; `size` is 1 to 100."""
        envelope = self._get(
            "build/", namespace=namespace, name=name, sort_by="id", order="desc", page=page, size=size
        )
        if not envelope["count"]:
            self.environment(namespace, name)
        builds = tuple(Build(**_build_fields(row, namespace, name)) for row in envelope["data"])
        return BuildPage(builds, page, size, envelope["count"])

    def build(self, build_id: int, environment: Environment | None = None) -> BuildDetail:
        """Return one build, with why it failed; its environment is looked up unless it is given."""
        row = self._get(f"build/{build_id}/", f"build {build_id}")["data"]
        if environment is None or environment.id != row["environment_id"]:
            namespace, name = self._environment_of(row)
        else:
            namespace, name = environment.namespace, environment.name
        artifacts = tuple(artifact["artifact_type"] for artifact in row["build_artifacts"] or ())
        failed = row["status"] == BuildStatus.FAILED.value
        return BuildDetail(
            **_build_fields(row, namespace, name),
            artifacts=artifacts,
            launchable="CONDA_PACK" in artifacts,
            reason=self._reason(build_id, row) if failed else None,
        )

    def directory(self, build_id: int) -> str | None:
        """Return the folder on the server in which a build lies; None when there is none (any more)."""
        row = self._get(f"build/{build_id}/", f"build {build_id}")["data"]
        artifacts = row["build_artifacts"] or ()
        return next((one["key"] for one in artifacts if one["artifact_type"] == "DIRECTORY"), None)

    def packages(self, build_id: int) -> frozenset[tuple[str, str]]:
        """Return name and version of every conda package of a build."""
        rows = self._all(f"build/{build_id}/packages/")
        return frozenset((row["name"], row["version"]) for row in rows)

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
        left = limit
        for within in (namespace,) if namespace is not None else self.namespaces or (None,):
            wanted: dict[str, str | int] = {"packages": package, "artifact": "CONDA_PACK"}
            named = {"namespace": within, "name": name, "search": search}
            for row in self._all("environment/", **wanted, **{key: one for key, one in named.items() if one}):
                if left == 0:
                    return
                left = left and left - 1
                yield (row["namespace"]["name"], row["name"]), row["current_build_id"]

    def launchable(self, namespace: str, name: str, build_id: int | None = None) -> BuildDetail:
        """Return the build to download: the one named, else the active one.

        Raises NotFound when the environment has no such build, NotLaunchable when that has no archive.
        """
        environment = self.environment(namespace, name)
        where = f"{namespace}/{name}"
        chosen = environment.current_build_id if build_id is None else build_id
        if chosen is None:
            raise NotLaunchable(f"{where} has no build yet; build it in conda-store first.")
        try:
            build = self.build(chosen, environment)
        except NotFound:
            raise NotFound(
                f"Build {chosen} of {where} does not exist any more; choose another build."
            ) from None
        if (build.namespace, build.environment) != (namespace, name):
            raise NotFound(f"Build {chosen} is not one of {where}; choose one of its own builds.")
        if not build.launchable:
            raise NotLaunchable(_why_not(build))
        return build

    def create_build(self, namespace: str, specification: str) -> int:
        """Have a specification (YAML text) built, making its environment if needed; return the build's id."""
        body = {"namespace": namespace, "specification": specification}
        answer = self._transport.json("POST", f"{API}/specification/", body=body)
        return int(answer["data"]["build_id"])

    def log(self, build_id: int) -> str:
        """Return what a build has logged so far: the last 4 MiB, nothing while it is queued."""
        try:
            with self._transport.send("GET", f"{API}/build/{build_id}/logs/", stream=True) as response:
                tail = b""
                for chunk in response.iter_content(1 << 18):
                    tail = (tail + chunk)[-MAX_LOG:]
        except NotFound:
            return ""
        return tail.decode("utf-8", "replace")

    def open_archive(self, build_id: int, offset: int = 0, validator: str | None = None) -> ArchiveResponse:
        """Open the download of a build's archive, from byte `offset` on if `validator` still holds."""
        # identity: a proxy must not compress on the fly what is compressed, or ranges lose their meaning
        headers = {"Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
            if validator:
                headers["If-Range"] = validator
        path = f"{API}/build/{build_id}/archive/"
        try:
            return ArchiveResponse(self._transport.send("GET", path, headers=headers, stream=True))
        except NotFound:
            raise NotLaunchable(
                f"Build {build_id} has no archive (it is still being packed, or was deleted); "
                "try again in a minute or choose another build."
            ) from None

    def _get(self, path: str, what: str = "", /, **params: str | int) -> dict[str, Any]:
        chosen: Params = {key: value for key, value in params.items() if value != ""}
        try:
            return self._transport.json("GET", f"{API}/{path}", params=chosen)
        except (NotFound, Forbidden) as error:
            # to an unknown token private environments look forbidden or absent: say the real reason
            if path != "permission/":
                self.require_authenticated()
            if not what:
                raise
            raise type(error)(
                f"conda-store at {self.connection.url} shows no {what}; check the name and your access to it."
            ) from None

    def _rows(self, search: str, page: int, size: int) -> tuple[list[dict[str, Any]], int]:
        if not self.namespaces:
            envelope = self._get("environment/", search=search, page=page, size=size)
            return envelope["data"], envelope["count"]
        # the server filters by one namespace at a time: lay their lists end to end, cut out the page
        start, count = (page - 1) * size, 0
        rows: list[dict[str, Any]] = []
        for namespace in self.namespaces:
            first = max(start - count, 0)
            number = first // size + 1
            envelope = self._get("environment/", search=search, namespace=namespace, page=number, size=size)
            missing = size - len(rows)
            if missing and first < envelope["count"]:
                found = envelope["data"][first % size :]
                if len(found) < missing and number * size < envelope["count"]:
                    following = self._get(
                        "environment/", search=search, namespace=namespace, page=number + 1, size=size
                    )
                    found = found + following["data"]
                rows += found[:missing]
            count += envelope["count"]
        return rows, count

    def _running(self) -> dict[int, tuple[int, BuildStatus]]:
        """Return environment id -> (newest build that is queued or being built, which of the two)."""
        found: dict[int, tuple[int, BuildStatus]] = {}
        for status in (BuildStatus.QUEUED, BuildStatus.BUILDING):
            for row in self._all("build/", status=status.value):
                if row["id"] >= found.get(row["environment_id"], (0, status))[0]:
                    found[row["environment_id"]] = (row["id"], status)
        return found

    def _state(self, build_id: int | None) -> tuple[BuildStatus | None, bool]:
        """Return a build's status and whether it has an archive; no status when it was deleted."""
        if build_id is None:
            return None, False
        with self._lock:
            known = self._finished.get(build_id)
        if known and time.monotonic() - known[0] < SETTLED_FOR:
            return known[1:]
        try:
            row = self._transport.json("GET", f"{API}/build/{build_id}/")["data"]
        except (NotFound, Forbidden):
            return None, False
        status = BuildStatus(row["status"])
        artifacts = {artifact["artifact_type"] for artifact in row["build_artifacts"] or ()}
        launchable = "CONDA_PACK" in artifacts
        if launchable or status in (BuildStatus.FAILED, BuildStatus.CANCELED):
            with self._lock:
                self._finished[build_id] = (time.monotonic(), status, launchable)
        return status, launchable

    def _environment_of(self, build: dict[str, Any]) -> tuple[str, str]:
        name = (build.get("specification") or {}).get("name", "")
        for row in self._all("environment/", name=name):
            if row["id"] == build["environment_id"]:
                return row["namespace"]["name"], row["name"]
        raise NotFound(f"The environment of build {build['id']} was deleted; refresh the list.")

    def _all(self, path: str, **params: str | int) -> Iterable[dict[str, Any]]:
        page = 1
        while True:
            envelope = self._get(path, page=page, size=PAGE_SIZE, **params)
            yield from envelope["data"]
            if page * PAGE_SIZE >= envelope["count"] or not envelope["data"]:
                return
            page += 1

    def _reason(self, build_id: int, row: dict[str, Any]) -> str | None:
        try:
            return failure_reason(self.log(build_id)) or row.get("status_info")
        except CondaStoreLabError:
            return row.get("status_info")


def _build_fields(row: dict[str, Any], namespace: str, environment: str) -> dict[str, Any]:
    return {
        "id": row["id"],
        "environment_id": row["environment_id"],
        "namespace": namespace,
        "environment": environment,
        "status": BuildStatus(row["status"]),
        "scheduled_on": row["scheduled_on"],
        "started_on": row["started_on"],
        "ended_on": row["ended_on"],
        "size": row["size"] or 0,
    }


def _why_not(build: BuildDetail) -> str:
    what = f"Build {build.id} of {build.namespace}/{build.environment}"
    if build.status is BuildStatus.FAILED:
        why = f": {build.reason}" if build.reason else ""
        return f"{what} failed{why.rstrip('.')}; correct the specification or choose another build."
    if build.status is BuildStatus.CANCELED:
        return f"{what} was cancelled; build it again or choose another build."
    if build.status is BuildStatus.COMPLETED:
        return (
            f"{what} has no archive (still being packed, or deleted); "
            "try again in a minute or choose another build."
        )
    return f"{what} is not finished ({build.status.value.lower()}); try again when it is."
