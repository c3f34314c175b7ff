"""The server's builds: lists, one of them, making, cancelling and deleting them."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from typing import Any

from ..errors import CondaStoreLabError, Conflict, InvalidRequest, NotFound, NotLaunchable
from ..models import Build, BuildDetail, BuildPage, BuildStatus, Environment
from ..specifications.buildable import require_buildable, require_shareable_lockfile
from ..specifications.text import parse_specification, with_description
from .api import Api
from .buildfiles import BuildFiles, is_deleted, is_packing
from .buildlog import failure_reason
from .environments import SETTLED_FOR, EnvironmentId, Environments

UNFINISHED = (BuildStatus.QUEUED, BuildStatus.BUILDING)


class Builds:
    """Asks for builds."""

    def __init__(self, api: Api, environments: Environments, files: BuildFiles) -> None:
        self._api = api
        self._environments = environments
        self._files = files
        self._names: dict[tuple[int, str], tuple[float, tuple[str, str]]] = {}
        self._last: tuple[float, int, dict[str, Any]] = (0.0, 0, {})
        self._lock = threading.Lock()

    def page(self, namespace: str, name: str, page: int, size: int) -> BuildPage:
        """Return a page of an environment's builds, newest first."""
        envelope = self._api.get(
            "build/", namespace=namespace, name=name, sort_by="id", order="desc", page=page, size=size
        )
        if not envelope["count"]:
            self._environments.one(namespace, name)
        builds = tuple(build_of(row, namespace, name) for row in envelope["data"])
        return BuildPage(builds, page, size, envelope["count"])

    def one(
        self,
        build_id: int,
        environment: Environment | EnvironmentId | None = None,
        asked: Future[dict[str, Any]] | None = None,
    ) -> BuildDetail:
        """Return one build, with why it failed; its environment is looked up unless it is given.

        `asked` is the answer of `row`, where that was asked for already.
        """
        row = asked.result() if asked else self.row(build_id)
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
            deleted=is_deleted(row),
            packing=is_packing(row),
        )

    def row(self, build_id: int) -> dict[str, Any]:
        """Return what the server says of a build, its specification included."""
        row: dict[str, Any] = self._api.get(f"build/{build_id}/", f"build {build_id}")["data"]
        self._last = time.monotonic(), build_id, row
        return row

    def recent(self, build_id: int) -> dict[str, Any]:
        """Return what `row` returned some seconds ago, when the build was to be launched; else ask."""
        since, last, row = self._last
        return row if last == build_id and time.monotonic() - since < 5.0 else self.row(build_id)

    def directory(self, build_id: int) -> str | None:
        """Return the folder on the server in which a build lies; None when there is none (any more)."""
        rows = self.recent(build_id)["build_artifacts"] or ()
        return next((row["key"] for row in rows if row["artifact_type"] == "DIRECTORY"), None)

    def launchable(self, namespace: str, name: str, build_id: int | None = None) -> BuildDetail:
        """Return the build to download: the one named, else the active one.

        Raises NotFound when the environment has no such build, NotLaunchable when that has no archive.
        """
        asked = None if build_id is None else self._api.pool.submit(self.row, build_id)  # meanwhile
        environment = self._environments.identify(namespace, name)
        chosen = environment.current_build_id if build_id is None else build_id
        if chosen is None:
            raise NotLaunchable(f"{namespace}/{name} has no build yet; build it in conda-store first.")
        build = self._own(environment, chosen, asked)
        if not build.launchable:
            raise NotLaunchable(_why_not(build))
        return build

    def activate(self, namespace: str, name: str, build_id: int) -> None:
        """Make a build its environment's active one; Conflict when the build is of no use."""
        build = self._own(self._environments.one(namespace, name), build_id)
        if build.status is not BuildStatus.COMPLETED:
            raise Conflict(
                f"Build {build_id} is {build.status.value}, so it cannot become the active one; "
                "choose a build that is COMPLETED."
            )
        if build.deleted:
            raise Conflict(f"Build {build_id} was deleted; choose another build or build it again.")
        self._environments.update(namespace, name, {"build_id": build_id})

    def create(
        self,
        namespace: str,
        specification: str,
        *,
        is_lockfile: bool = False,
        environment: str | None = None,
        description: str | None = None,
    ) -> int:
        """Have a specification (YAML, or a lockfile) built, making its environment if needed; the build's id.

        A lockfile says no name, so `environment` has to; InvalidRequest when that is missing or contradicts.
        """
        if is_lockfile:
            if not environment:
                raise InvalidRequest(
                    "A lockfile does not name its environment; give the name to build it under."
                )
            require_shareable_lockfile(specification)
            body = {"is_lockfile": True, "environment_name": environment}
            body["environment_description"] = description or ""
        else:
            name = parse_specification(specification)["name"]
            if environment and environment != name:
                raise InvalidRequest(
                    f"The specification is named {name!r}, not {environment!r}; use one name in both."
                )
            specification = with_description(specification, description)
            require_buildable(parse_specification(specification))
            environment, body = name, {}
        to_do = f"build {namespace}/{environment}"
        body |= {"namespace": namespace, "specification": specification}
        answer = self._api.change("POST", "specification/", to_do, body)
        self._environments.forget()
        return self._api.built(answer)

    def rebuild(self, build_id: int) -> int:
        """Have the specification of a build built again; return the new build's id."""
        answer = self._api.change("PUT", f"build/{build_id}/", f"build build {build_id} again")
        self._environments.forget()
        return self._api.built(answer)

    def cancel(self, build_id: int) -> None:
        """Ask for a build to be cancelled, which takes some seconds; Conflict when it cannot be."""
        status = BuildStatus(self.row(build_id)["status"])
        if status not in UNFINISHED:
            raise Conflict(f"Build {build_id} has ended already ({status.value}); refresh the list.")
        try:
            self._api.change("PUT", f"build/{build_id}/cancel/", f"cancel build {build_id}")
        except Conflict:
            raise Conflict(
                f"Build {build_id} cannot be cancelled, because this conda-store works without a message "
                "broker (Redis); wait until the build has ended."
            ) from None
        self._environments.forget()

    def delete(self, build_id: int) -> None:
        """Delete a build's files, which the server does in the background; Conflict if it cannot."""
        status = BuildStatus(self.row(build_id)["status"])
        if status in UNFINISHED:
            raise Conflict(f"Build {build_id} has not ended yet; wait until it has, then delete it.")
        if status is BuildStatus.CANCELED:
            raise Conflict(
                f"Build {build_id} was cancelled and conda-store keeps the record of such a build; "
                "it goes when the environment is deleted."
            )
        self._api.change("DELETE", f"build/{build_id}/", f"delete build {build_id}")
        self._environments.forget()

    def _own(
        self,
        environment: Environment | EnvironmentId,
        build_id: int,
        asked: Future[dict[str, Any]] | None = None,
    ) -> BuildDetail:
        """Return a build of an environment; NotFound when it is none of its own."""
        where = f"{environment.namespace}/{environment.name}"
        try:
            build = self.one(build_id, environment, asked)
        except NotFound:
            raise NotFound(
                f"Build {build_id} of {where} does not exist any more; choose another build."
            ) from None
        if build.environment_id != environment.id:
            raise NotFound(f"Build {build_id} does not belong to {where}; choose one of its builds.")
        return build

    def _environment_of(self, build: dict[str, Any]) -> tuple[str, str]:
        """Return namespace and name of a build's environment, of which the server gives the id alone."""
        name = (build.get("specification") or {}).get("name", "")
        key = (build["environment_id"], name)
        with self._lock:
            cached = self._names.get(key)
        if cached and time.monotonic() - cached[0] < SETTLED_FOR:
            return cached[1]
        for row in self._api.all("environment/", name=name):
            if row["id"] == build["environment_id"]:
                place = row["namespace"]["name"], row["name"]
                with self._lock:
                    self._names[key] = time.monotonic(), place
                return place
        raise NotFound(f"The environment of build {build['id']} was deleted; refresh the list.")

    def _reason(self, build_id: int, row: dict[str, Any]) -> str | None:
        try:
            return failure_reason(self._files.log(build_id)) or row.get("status_info")
        except CondaStoreLabError:
            return row.get("status_info")


def build_of(row: dict[str, Any], namespace: str, environment: str) -> Build:
    """Return the build that a row of the server's lists tells of."""
    return Build(**_build_fields(row, namespace, environment))


def _build_fields(row: dict[str, Any], namespace: str, environment: str) -> dict[str, Any]:
    same = ("id", "environment_id", "scheduled_on", "started_on", "ended_on")
    return {
        **{name: row[name] for name in same},
        "namespace": namespace,
        "environment": environment,
        "status": BuildStatus(row["status"]),
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
