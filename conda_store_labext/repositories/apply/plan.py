"""Changes by which conda-store has the environments that a folder declares.

Whatever a folder has made carries its owner in the description, so that another folder, and what people made
by hand, is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from ...errors import NotFound
from ...models import Build, BuildStatus, Environment
from ...specifications.digest import digest
from .declared import Declared, Folder, Unusable

if TYPE_CHECKING:
    from ...client.client import CondaStoreClient

_MARK = re.compile(r"\s*\(applied from (?P<owner>[^()]+)\)$")
LOOKED_BACK = 20  # builds of an environment among which one that asks for the same is looked for


class Step(str, Enum):
    """Kind of change to an environment."""

    CREATE = "create"
    UPDATE = "update"
    RETRY = "build again"
    WAIT = "wait for"
    ACTIVATE = "activate"
    DESCRIBE = "describe"
    KEEP = "keep"
    DELETE = "delete"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Change:
    """A step and why: `build_id` is the build to wait for or to activate."""

    step: Step
    namespace: str
    name: str
    why: str
    declared: Declared | None = None
    build_id: int | None = None

    def __str__(self) -> str:
        """Return namespace and name."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True)
class Plan:
    """Everything that is to be done, deletions last; `others` are environments that are left alone."""

    owner: str
    changes: tuple[Change, ...]
    unusable: tuple[Unusable, ...]
    others: tuple[str, ...]

    @property
    def deletions(self) -> tuple[Change, ...]:
        """The environments that would go."""
        return tuple(change for change in self.changes if change.step is Step.DELETE)

    @property
    def refused(self) -> tuple[Change, ...]:
        """The environments that another folder declares, too."""
        return tuple(change for change in self.changes if change.step is Step.REFUSE)


def owner_of(description: str) -> str | None:
    """Return the owner that a description names; None for an environment that no folder has made."""
    match = _MARK.search(description)
    return match["owner"] if match else None


def described(description: str, owner: str) -> str:
    """Return a description with the owner after it."""
    return f"{_MARK.sub('', description)} (applied from {owner})".strip()


def make_plan(client: CondaStoreClient, folder: Folder, owner: str, *, prune: bool) -> Plan:
    """Compare a folder with the server; raises what the client does.

    With `prune` every namespace is looked through for what the folder has made once.
    """
    declared = [_change(client, each, owner) for each in folder.environments]
    names = {str(each) for each in folder.environments}
    spaces = [""] if prune else sorted({each.namespace for each in folder.environments})
    gone: list[Change] = []
    others: list[str] = []
    for environment in (row for space in spaces for row in _environments(client, space)):
        name = f"{environment.namespace}/{environment.name}"
        if name in names:
            continue
        if owner_of(environment.description) == owner and prune:
            why = "no file declares it any more"
            gone.append(Change(Step.DELETE, environment.namespace, environment.name, why))
        else:
            others.append(name)
    return Plan(owner, (*declared, *gone), folder.unusable, tuple(others))


def _environments(client: CondaStoreClient, namespace: str) -> Iterator[Environment]:
    """Yield a namespace's environments, none where there is no such namespace."""
    page = 1
    while True:
        try:
            read = client.environments(page=page, size=100, namespace=namespace)
        except NotFound:
            return
        yield from read.environments
        if not read.environments or page * 100 >= read.count:
            return
        page += 1


def _change(client: CondaStoreClient, declared: Declared, owner: str) -> Change:
    change = Change(Step.CREATE, declared.namespace, declared.name, declared.file, declared)
    try:
        environment = client.environment(declared.namespace, declared.name)
    except NotFound:
        return change
    other = owner_of(environment.description)
    if other not in (None, owner):
        why = (
            f"{other} declares it, too; take it out of one of the two, "
            f"or give --owner '{other}' if that is this folder."
        )
        return replace(change, step=Step.REFUSE, why=why)
    build = _same(client, declared)
    if build is None:
        return replace(change, step=Step.UPDATE, why=f"{declared.file} has changed")
    if build.status in (BuildStatus.QUEUED, BuildStatus.BUILDING):
        return replace(change, step=Step.WAIT, why=f"build {build.id} is under way", build_id=build.id)
    if build.status is not BuildStatus.COMPLETED:
        return replace(change, step=Step.RETRY, why=f"build {build.id} did not succeed")
    if client.build(build.id).deleted:
        return replace(change, step=Step.RETRY, why=f"build {build.id} was deleted")
    if environment.current_build_id != build.id:
        why = f"build {environment.current_build_id or 'none'} is active instead of {build.id}"
        return replace(change, step=Step.ACTIVATE, why=why, build_id=build.id)
    if other and environment.description != described(declared.description, owner):
        return replace(change, step=Step.DESCRIBE, why="its description has changed")
    return replace(change, step=Step.KEEP, why="unchanged", build_id=build.id)


def _same(client: CondaStoreClient, declared: Declared) -> Build | None:
    """Return the newest build that was made from what is declared; None when there is none.

    One that completed, or has not ended, counts although later ones of the same failed.
    """
    wanted = declared.digest
    failed: Build | None = None
    for build in client.builds(declared.namespace, declared.name, size=LOOKED_BACK).builds:
        made_from = client.specification(build.id)
        if made_from.is_lockfile != declared.is_lockfile:
            continue
        if digest(made_from.text, made_from.is_lockfile) != wanted:
            continue
        if build.status in (BuildStatus.FAILED, BuildStatus.CANCELED):
            failed = failed or build
            continue
        return build
    return failed
