"""The environment of a manifest that nobody has built: what would be built, its build, how far that is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING

from ..client.known_packages import has_package
from ..errors import BuildFailed, Cancelled, CondaStoreLabError, ServerUnreachable
from ..models import BuildDetail, BuildStatus
from ..models.limits import PACKING_SECONDS, PATIENCE_SECONDS
from ..specifications.conda_names import prefer_conda
from ..store.trust import TrustFile
from .manifest import Manifest

if TYPE_CHECKING:
    from ..client.client import CondaStoreClient
    from ..models.reference import Reference

LOOK_AGAIN = 1.0  # seconds

OnBuild = Callable[[BuildDetail], object]


@dataclass(frozen=True)
class Plan:
    """A manifest as it would be built: `moved` are the lines of pip's that come from conda.

    `packages` and `new` (those that the user never said yes to) are pairs of a name and a channel.
    """

    manifest: Manifest
    moved: tuple[str, ...]
    packages: tuple[tuple[str, str], ...]
    new: tuple[tuple[str, str], ...]


def plan_build(manifest: Manifest, client: CondaStoreClient | None, *, by_pip: bool = False) -> Plan:
    """Return how a manifest would be built; with `by_pip`, or without a client, nothing comes from conda."""
    moved: tuple[str, ...] = ()
    if client is not None and not manifest.is_lockfile and not by_pip:
        text, moved = prefer_conda(manifest.specification, lambda name: has_package(client, name))
        manifest = replace(manifest, specification=text)
    packages = manifest.packages
    new = {(name, channel) for channel, name in TrustFile().read().new_packages(packages)}
    return Plan(manifest, moved, packages, tuple(each for each in packages if each in new))


def begin_build(client: CondaStoreClient, plan: Plan, target: Reference, address: str) -> int:
    """Have a plan built, remember the yes to its packages, and return the build's id."""
    manifest = plan.manifest
    TrustFile().add(packages=plan.packages)
    return client.create_build(
        target.namespace,
        manifest.named(target.environment),
        is_lockfile=manifest.is_lockfile,
        environment=target.environment,
        description=f"{manifest.path} of {address}",
    )


def wait_for_build(
    client: CondaStoreClient, build_id: int, cancelled: Event, on_build: OnBuild = lambda _: None
) -> BuildDetail:
    """Return a build once it can be fetched; BuildFailed with its reason, Cancelled when that was asked for.

    `on_build` gets it at every look.
    """
    heard, completed = time.monotonic(), None
    while True:
        try:
            build = client.build(build_id)
            heard = time.monotonic()
        except ServerUnreachable:
            if time.monotonic() - heard > PATIENCE_SECONDS:
                raise
        else:
            on_build(build)
            what = f"Build {build.id} of {build.namespace}/{build.environment}"
            if build.status is BuildStatus.FAILED:
                why = f": {build.reason.rstrip('.')}" if build.reason else ""
                raise BuildFailed(f"{what} failed{why}; correct the manifest, or choose an environment.")
            if build.status is BuildStatus.CANCELED:
                raise BuildFailed(f"{what} was cancelled; build it again when you want it.")
            if build.status is BuildStatus.COMPLETED:
                completed = completed or heard
                if build.launchable or heard - completed > PACKING_SECONDS:
                    return build
        if cancelled.wait(LOOK_AGAIN):
            raise Cancelled("It was cancelled; nothing half-done is left.")


def end_build(client: CondaStoreClient, build_id: int) -> None:
    """Cancel a build that nobody waits for any more, where that may be done."""
    try:
        client.cancel_build(build_id)
    except CondaStoreLabError:
        return
