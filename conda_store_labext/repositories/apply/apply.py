"""Doing what a plan says: builds first, all at once for conda-store's workers, deletions last."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from ...errors import BuildFailed, CondaStoreLabError, InvalidRequest, NotFound
from ..building import wait_for_build
from ..clone_link import top_of
from ..git import Git
from .plan import Change, Plan, Step, described

if TYPE_CHECKING:
    from ...client.client import CondaStoreClient

BUILDING = (Step.CREATE, Step.UPDATE, Step.RETRY, Step.WAIT)
UNMARKED = str.maketrans("()", "__")  # an owner stands in parentheses
WITHIN = 10.0  # seconds that git may take to say where a folder is from


@dataclass(frozen=True)
class Outcome:
    """Outcome of a change: `error` is the sentence that says why it failed, None if it did not.

    `build_id` is the build that was made, waited for or activated; `seconds` is how long that took.
    """

    change: Change
    build_id: int | None = None
    seconds: float = 0.0
    error: str | None = None


OnOutcome = Callable[[Outcome], object]


def default_owner(folder: Path) -> str:
    """Return a folder's name that other machines share: its place in its git repository, else its path."""
    from ..clone_link import origin_of

    try:
        top = top_of(folder)
        address = origin_of(Git(str(top)).within(WITHIN), top)
    except CondaStoreLabError:
        return str(folder.resolve()).translate(UNMARKED)
    inside = folder.resolve().relative_to(top.resolve()).as_posix()
    place = address.identity if inside == "." else f"{address.identity}/{inside}"
    return place.translate(UNMARKED)


def require_prunable(plan: Plan, folder: Path, most: int) -> None:
    """Raise InvalidRequest, before anything is done, where it is not sure that files are meant to be gone."""
    if not plan.deletions:
        return
    if plan.unusable:
        raise InvalidRequest(
            f"{len(plan.unusable)} of the files cannot be used, so nothing is deleted; correct them first."
        )
    if all(change.step is Step.DELETE for change in plan.changes):
        raise InvalidRequest(
            f"{folder} declares no environment at all, so that nothing is deleted; is it the right one?"
        )
    try:
        busy = (top_of(folder) / ".git" / "index.lock").exists()
    except NotFound:
        busy = False
    if busy:
        raise InvalidRequest("git is changing the folder just now, so that nothing is deleted; try again.")
    if len(plan.deletions) > most:
        raise InvalidRequest(
            f"{len(plan.deletions)} environments would be deleted and {most} is the limit; "
            "raise it with --delete-at-most if that is meant."
        )


def apply(
    client: CondaStoreClient, plan: Plan, cancelled: Event, on_outcome: OnOutcome = lambda _: None
) -> tuple[Outcome, ...]:
    """Do everything that a plan says and return what became of it; a failure stops nothing but deletions.

    Raises Cancelled when that was asked for; builds that were begun go on.
    """
    outcomes: list[Outcome] = []

    def ended(outcome: Outcome) -> None:
        outcomes.append(outcome)
        on_outcome(outcome)

    begun: list[tuple[Outcome, float]] = []
    for change in plan.changes:
        if change.step in BUILDING:
            outcome = _begun(client, change, plan.owner)
            if outcome.error:
                ended(outcome)
            else:
                begun.append((outcome, time.monotonic()))
        elif change.step is not Step.DELETE:
            ended(_changed(client, change, plan.owner))
    for outcome, since in begun:
        ended(_waited(client, outcome, since, cancelled))
    failed = plan.unusable or any(outcome.error for outcome in outcomes)
    for change in plan.deletions:
        if failed:
            ended(Outcome(change, error="It was kept, because not everything else succeeded."))
        else:
            ended(_changed(client, change, plan.owner))
    return tuple(outcomes)


def _begun(client: CondaStoreClient, change: Change, owner: str) -> Outcome:
    """Have a build begun, if it is not under way."""
    declared = change.declared
    if change.step is Step.WAIT or declared is None:
        return Outcome(change, change.build_id)
    try:
        build_id = client.create_build(
            declared.namespace,
            declared.text,
            is_lockfile=declared.is_lockfile,
            environment=declared.name,
            description=described(declared.description, owner),
        )
    except CondaStoreLabError as error:
        return Outcome(change, error=f"{declared.file}: {error}")
    return Outcome(change, build_id)


def _waited(client: CondaStoreClient, outcome: Outcome, since: float, cancelled: Event) -> Outcome:
    assert outcome.build_id is not None
    error = None
    try:
        wait_for_build(client, outcome.build_id, cancelled)
    except BuildFailed as failure:
        error = str(failure)
    return replace(outcome, seconds=time.monotonic() - since, error=error)


def _changed(client: CondaStoreClient, change: Change, owner: str) -> Outcome:
    """Do a step that takes no time."""
    try:
        if change.step is Step.DELETE:
            client.delete_environment(change.namespace, change.name)
        elif change.step is Step.ACTIVATE:
            client.update_environment(change.namespace, change.name, build_id=change.build_id)
        elif change.step is Step.DESCRIBE and change.declared is not None:
            text = described(change.declared.description, owner)
            client.update_environment(change.namespace, change.name, text)
        elif change.step is Step.REFUSE:
            return Outcome(change, error=change.why)
    except CondaStoreLabError as error:
        return Outcome(change, error=str(error))
    return Outcome(change, change.build_id)
