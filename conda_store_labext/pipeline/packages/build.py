"""A build of conda-store brought here by its packages, where that is fewer bytes; by its archive else."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from ...client.client import CondaStoreClient
from ...errors import (
    CacheNotWritable,
    Cancelled,
    CondaStoreLabError,
    DiskFull,
    UnsuitableLockfile,
    UnusableFolder,
)
from ...errors.os_errors import os_errors_explained
from ...store.layout import FOLDER_VARIABLE, prepare
from ...store.paths import AUTO
from ...store.records import StoredCopy
from ...store.store import EnvironmentStore
from ..job import Job, Progress
from .condarc import user_rules
from .files import PackageFiles
from .here import package_caches
from .install import Installer
from .lockfiles import locked_environment
from .plan import Plan, total

# of the archive's bytes, above which packages are not worth being linked one by one
WORTH = 0.75
# another way would not mend these
FINAL = (Cancelled, DiskFull, CacheNotWritable, UnusableFolder)


@dataclass(frozen=True)
class Choice:
    """The packages of a build as they would be had: what is to be fetched, and what the archive has more."""

    plan: Plan
    bytes_saved: int | None


def choose(job: Job, client: CondaStoreClient, store: EnvironmentStore) -> Choice | None:
    """Return how a build's packages are had, None where its archive is the better way.

    Raises CondaStoreLabError, among them UnsuitableLockfile for packages that are not conda's alone.
    """
    with os_errors_explained(store.root, FOLDER_VARIABLE):
        prepare(store.root)
    files = PackageFiles(store.home / "p")
    prefixes = [copy.prefix for copy in _likeliest(store, job)]
    if job.way == AUTO and not prefixes and not files and not package_caches():
        return None  # nothing can be here, so nothing has to be asked
    locked = locked_environment(client.lockfile(job.build.build_id))
    if locked.pip:
        raise UnsuitableLockfile(f"It has packages of PyPI ({', '.join(sorted(locked.pip)[:3])}).")
    plan = Plan.of(locked.packages, files, prefixes, user_rules())
    if job.way == AUTO and len(plan.to_fetch) == len(plan.packages):
        return None
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(_archive_size, client, job.build.build_id)
        sizes = plan.sizes()
        whole = asked.result()
    size = total(sizes.values())
    if size is None or whole is None:
        return None if job.way == AUTO else Choice(plan, None)
    if job.way == AUTO and size > WORTH * whole:
        return None
    return Choice(plan, whole - size)


def _archive_size(client: CondaStoreClient, build_id: int) -> int | None:
    with client.open_artifact(build_id, "archive") as archive:
        return archive.total


def by_packages(
    job: Job,
    report: Callable[[Progress], None],
    log: Callable[[str], None],
    on_cancel: Callable[[Callable[[], None]], None],
) -> StoredCopy | None:
    """Return a build's copy made of its packages, None where the archive is to be fetched; `log` hears why.

    `on_cancel` is given what cancels it. Raises what no other way would mend.
    """
    store = EnvironmentStore(job.root)
    try:
        lock = store.lock(job.build.copy_key)
        with os_errors_explained(store.root, FOLDER_VARIABLE):
            lock.acquire()
        with lock:  # before anything is asked: who makes the copy just now has asked already
            here = store.get(job.build.copy_key)
            choice = None if here else choose(job, CondaStoreClient(job.connection), store)
            if here or choice is None:
                return here

            def reported(progress: Progress) -> None:
                report(replace(progress, way="packages", bytes_saved=choice.bytes_saved))

            prefixes = [copy.prefix for copy in _likeliest(store, job)] if job.share else []
            installer = Installer(
                store,
                choice.plan.packages,
                job.limits,
                reported,
                siblings=lambda: prefixes,
                plan=choice.plan,
                strict=True,
            )
            on_cancel(installer.cancel)
            return installer.run(job.build, job.variables, lock)
    except FINAL:
        raise
    except (CondaStoreLabError, OSError) as error:
        log(f"The archive is fetched, because its packages cannot be used: {error}")
        return None


def _likeliest(store: EnvironmentStore, job: Job) -> list[StoredCopy]:
    """Return the copies that are here, those first that have most in common with a build."""

    def likeness(copy: StoredCopy) -> tuple[bool, bool, str]:
        return copy.same_environment(job.build), copy.origin == "own", copy.last_used_on

    copies = [copy for copy in store.list() if copy.origin != "in place"]
    return sorted(copies, key=likeness, reverse=True)
