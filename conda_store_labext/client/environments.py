"""The server's environments: lists with the state of each, one of them, changing and deleting."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from ..errors import Forbidden, NotFound
from ..models import BuildStatus, Environment, EnvironmentPage
from .api import PREFIX, Api, path_of
from .filters import EVERY, LAUNCHABLE, Filters
from .permissions import PermissionCache

SETTLED_FOR = 60.0  # seconds for which a finished build is not asked after again
RUNNING_FOR = 2.0  # seconds for which the list of running builds is good

State = tuple[BuildStatus | None, bool]
Running = dict[int, tuple[int, BuildStatus]]


class EnvironmentId(NamedTuple):
    """An environment as far as a launch needs to know it."""

    id: int
    namespace: str
    name: str
    current_build_id: int | None


class Environments:
    """Asks for environments; `limited_to` are the namespaces to show, empty for all."""

    def __init__(self, api: Api, authority: PermissionCache, limited_to: Iterable[str] = ()) -> None:
        self.limited_to = tuple(sorted(set(limited_to)))
        self._api = api
        self._authority = authority
        self._finished: dict[int, tuple[float, BuildStatus | None, bool]] = {}
        self._building: tuple[float, Running] | None = None
        self._lock = threading.Lock()

    def page(
        self, search: str, namespace: str, page: int, size: int, filters: Filters = EVERY
    ) -> EnvironmentPage:
        """Return a page of environments, by namespace and name."""
        running = self._api.pool.submit(self.running)
        grants = self._authority.grants()
        rows, count = self._rows(search, namespace, page, size, **filters.of_environments)
        states = list(self._api.pool.map(self._state, [row["current_build_id"] for row in rows]))
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
                    may=grants.actions(row["namespace"]["name"], row["name"]),
                )
            )
        return EnvironmentPage(tuple(environments), page, size, count)

    def one(self, namespace: str, name: str) -> Environment:
        """Return one environment; NotFound when there is none of that name, or none that may be seen."""
        row = self._row(namespace, name)
        status, launchable = self._state(row["current_build_id"])
        build_id, running_status = self.running().get(row["id"], (None, None))
        return Environment(
            id=row["id"],
            namespace=namespace,
            name=name,
            description=row.get("description") or "",
            current_build_id=row["current_build_id"],
            status=status,
            launchable=launchable,
            running_build_id=build_id,
            running_status=running_status,
            may=self._authority.grants().actions(namespace, name),
        )

    def identify(self, namespace: str, name: str) -> EnvironmentId:
        """Return what one request tells of an environment; raises what `one` raises."""
        row = self._row(namespace, name)
        return EnvironmentId(row["id"], namespace, name, row["current_build_id"])

    def places(self) -> dict[int, tuple[str, str]]:
        """Return namespace and name of every environment by its id."""
        return {
            row["id"]: (row["namespace"]["name"], row["name"])
            for within in self.limited_to or ("",)
            for row in self._api.all("environment/", namespace=within)
        }

    def _row(self, namespace: str, name: str) -> dict[str, Any]:
        # the address of one environment shows those that are being deleted, too; the list does not
        rows: list[dict[str, Any]] = self._api.get("environment/", namespace=namespace, name=name, size=1)[
            "data"
        ]
        if not rows:
            self._api.require_authenticated()
            raise NotFound(
                f"conda-store at {self._api.connection.url} has no {namespace}/{name} that you can see; "
                "check the name and your access to it."
            )
        return rows[0]

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
        left, wanted = limit, replace(LAUNCHABLE, packages=(package,)).of_environments
        for within in (namespace,) if namespace is not None else self.limited_to or ("",):
            for row in self._api.all("environment/", **wanted, namespace=within, name=name, search=search):
                if left == 0:
                    return
                left = left and left - 1
                yield (row["namespace"]["name"], row["name"]), row["current_build_id"]

    def update(self, namespace: str, name: str, changes: dict[str, str | int]) -> None:
        """Change the description (`description`) or the active build (`build_id`)."""
        path = f"environment/{path_of(namespace, name)}"
        self._api.change("PUT", path, f"change {namespace}/{name}", changes)

    def delete(self, namespace: str, name: str) -> None:
        """Delete an environment; the server removes its builds in the background."""
        self.one(namespace, name)  # or a sentence that says that there is none
        self._api.change("DELETE", f"environment/{path_of(namespace, name)}", f"delete {namespace}/{name}")
        self.forget()

    def forget(self) -> None:
        """Ask after everything anew: something changed, and sqlite uses a deleted build's id again."""
        with self._lock:
            self._finished.clear()
            self._building = None

    def running(self) -> Running:
        """Return environment id -> (newest build that is queued or being built, which of the two)."""
        with self._lock:
            cached = self._building
        if cached and time.monotonic() - cached[0] < RUNNING_FOR:
            return cached[1]
        asked = time.monotonic()
        running: Running = {}
        for status in (BuildStatus.QUEUED, BuildStatus.BUILDING):
            for row in self._api.all("build/", status=status.value):
                if row["id"] >= running.get(row["environment_id"], (0, status))[0]:
                    running[row["environment_id"]] = (row["id"], status)
        with self._lock:
            self._building = asked, running
        return running

    def _rows(
        self, search: str, namespace: str, page: int, size: int, **filters: str | list[str]
    ) -> tuple[list[dict[str, Any]], int]:
        if namespace and self.limited_to and namespace not in self.limited_to:
            return [], 0
        if namespace or not self.limited_to:
            params: dict[str, str | int | list[str]] = {
                "search": search,
                "page": page,
                "size": size,
                **filters,
            }
            envelope = self._api.get("environment/", namespace=namespace, **params)
            return envelope["data"], envelope["count"]
        # the server filters by one namespace at a time: lay their lists end to end, cut out the page
        start, count = (page - 1) * size, 0
        rows: list[dict[str, Any]] = []
        for allowed in self.limited_to:
            first = max(start - count, 0)
            number = first // size + 1
            page_rows, total = self._rows(search, allowed, number, size, **filters)
            missing = size - len(rows)
            if missing and first < total:
                page_rows = page_rows[first % size :]
                if len(page_rows) < missing and number * size < total:
                    page_rows = page_rows + self._rows(search, allowed, number + 1, size, **filters)[0]
                rows += page_rows[:missing]
            count += total
        return rows, count

    def _state(self, build_id: int | None) -> State:
        """Return a build's status and whether it has an archive; no status when it was deleted."""
        if build_id is None:
            return None, False
        settled = self._settled(build_id)
        if settled:
            return settled
        try:
            row = self._api.transport.json(f"{PREFIX}/build/{build_id}/")[0]["data"]
        except (NotFound, Forbidden):
            return None, False
        status = BuildStatus(row["status"])
        artifacts = {artifact["artifact_type"] for artifact in row["build_artifacts"] or ()}
        launchable = "CONDA_PACK" in artifacts
        if launchable or status in (BuildStatus.FAILED, BuildStatus.CANCELED):
            with self._lock:
                self._finished[build_id] = (time.monotonic(), status, launchable)
        return status, launchable

    def _settled(self, build_id: int) -> State | None:
        """Return what was learnt of a finished build in the last minute."""
        with self._lock:
            finished = self._finished.get(build_id)
        return finished[1:] if finished and time.monotonic() - finished[0] < SETTLED_FOR else None
