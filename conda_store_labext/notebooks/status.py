"""The state today of the build that a notebook ran on, in one sentence, and what can be done about it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum

from ..client.client import CondaStoreClient
from ..copies.upstream import Upstream
from ..errors import CondaStoreLabError, NotFound
from ..models import BuildDetail, Changes
from ..store.store import EnvironmentStore
from .record import NotebookRecord


class NotebookState(str, Enum):
    """State of a notebook's build."""

    HERE = "here"
    FETCHABLE = "fetchable"
    SUPERSEDED = "superseded"
    DELETED = "deleted"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class NotebookStatus:
    """Status of a notebook's build: `message` says it, `here` whether it starts without a download.

    `active_build_id` is another build that has become the environment's active one, and `changes` tells in a
    few words what that changed; of a notebook from elsewhere, it is the active build of the environment of
    the same name on the server in use. `rebuildable` says that its lockfile can be had. `missing_additions`
    were installed beside the build where the notebook ran, and are not here.
    """

    state: NotebookState
    message: str
    here: bool
    fetchable: bool
    active_build_id: int | None = None
    changes: str = ""
    rebuildable: bool = False
    missing_additions: tuple[str, ...] = ()


def notebook_status(record: NotebookRecord, upstream: Upstream, store: EnvironmentStore) -> NotebookStatus:
    """Return how a build stands; never raises for what the server says."""
    here = store.find(record) is not None
    try:
        connection = upstream.connection()
        if connection.identity != record.server:
            return _elsewhere(record, upstream.client(), here)
        return _asked(record, upstream.client(), here)
    except CondaStoreLabError as error:
        if here:
            return NotebookStatus(NotebookState.HERE, f"{record} is here.", True, False)
        return NotebookStatus(
            NotebookState.UNKNOWN, f"The state of {record} is not known: {error}", False, False
        )


def summary(changes: Changes) -> str:
    """Return in a few words what changed, e.g. `2 upgraded, 1 added`."""
    counts = {
        "upgraded": changes.upgraded,
        "downgraded": changes.downgraded,
        "rebuilt": changes.rebuilt,
        "added": changes.added,
        "removed": changes.removed,
    }
    return ", ".join(f"{len(packages)} {word}" for word, packages in counts.items() if packages)


def _asked(record: NotebookRecord, client: CondaStoreClient, here: bool) -> NotebookStatus:
    active = None
    with suppress(NotFound):
        active = client.environment(record.namespace, record.environment).current_build_id
    build = _build(record, client)
    other = active if active not in (None, record.build_id) else None
    status = NotebookStatus(
        NotebookState.HERE, f"{record} is here.", here, bool(build and build.launchable), other
    )
    if build is None or build.deleted:
        ready = "; a copy is still here" if here else ""
        message = f"{record} was deleted from conda-store{ready}."
        rebuildable = build is not None and _has_lockfile(client, record.build_id)
        return replace(status, state=NotebookState.DELETED, message=message, rebuildable=rebuildable)
    if other is not None and client.build(other).launchable:
        changes = ""
        with suppress(CondaStoreLabError):
            changes = summary(client.changes(other, record.build_id))
        details = f" ({changes})" if changes else ""
        message = f"{record} was superseded by #{other}{details}."
        return replace(
            status, state=NotebookState.SUPERSEDED, message=message, changes=changes, rebuildable=True
        )
    if here:
        return replace(status, active_build_id=None)
    if status.fetchable:
        message = f"{record} is not here; it is fetched when it is started."
        return replace(status, state=NotebookState.FETCHABLE, message=message, active_build_id=None)
    message = f"{record} cannot be started: it is {build.status.value} and has no archive."
    return replace(status, state=NotebookState.UNKNOWN, message=message)


def _elsewhere(record: NotebookRecord, client: CondaStoreClient, here: bool) -> NotebookStatus:
    same = None
    with suppress(CondaStoreLabError):
        same = client.environment(record.namespace, record.environment)
    ready = " A copy is here." if here else ""
    message = (
        f"This notebook ran on {record} of conda-store at {record.server}; "
        f"{client.connection.url} is in use.{ready}"
    )
    active = same.current_build_id if same and same.launchable else None
    return NotebookStatus(NotebookState.ELSEWHERE, message, here, False, active)


def _build(record: NotebookRecord, client: CondaStoreClient) -> BuildDetail | None:
    """Return the build as the server has it, None where it is gone or has become another's."""
    try:
        build = client.build(record.build_id)
    except NotFound:
        return None
    named = (build.namespace, build.environment) == (record.namespace, record.environment)
    return build if named else None


def _has_lockfile(client: CondaStoreClient, build_id: int) -> bool:
    try:
        return bool(client.lockfile(build_id))
    except CondaStoreLabError:
        return False
