"""The environment that a repository's notebooks run on, by the first of these that there is.

The one that is asked for, the one that its `.conda-store.yml` names, the build that the notebook ran on, the
one that was built from this very manifest, the packages of its lockfile; where no conda-store can be asked,
a virtual environment in its folder.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

from ..copies.services import Services
from ..errors import (
    CondaStoreLabError,
    NotFound,
    RepositoryRefused,
)
from ..models import BuildStatus
from ..models.build_ref import BuildRef
from ..models.reference import Reference
from ..notebooks.folder_default import FILE, parse_default
from ..on_demand.choose import AWAY
from ..pipeline.packages.local_file import NAMESPACE
from ..store.records import StoredCopy
from .address import Address
from .choice import Choice, Origin
from .files import Files
from .locked import locked_of
from .manifest import Manifest
from .notebooks import Opened
from .policy import Policy
from .venv import venv_of


def choose_environment(
    services: Services,
    files: Files,
    opened: Opened,
    manifest: Manifest | None,
    address: Address,
    asked: str | None = None,
    policy: Policy | None = None,
    folder: Path | None = None,
) -> Choice:
    """Return the environment for what is opened of the repository at an address.

    `folder` is where its files are or will be. Raises InvalidRequest for a reference or a file that cannot
    be understood.
    """
    policy = policy or Policy()
    if asked:
        reference = Reference.parse(asked)
        if reference.namespace == NAMESPACE and manifest is not None:
            locked = locked_of(services, manifest, address, policy)
            if locked is not None and locked.reference == reference:
                return locked
        return _named(services, Origin.ASKED, reference, "which was asked for")
    for path in _defaults(opened):
        if path in files.paths():
            reference = parse_default(files.read(path), path)
            return _named(services, Origin.FOLDER, reference, f"which {path} names")
    choice = _of_notebook(services, opened)
    if choice:
        return choice
    if manifest is None:
        return Choice(
            Origin.NONE,
            "The repository has no file that says which packages it needs; choose an environment with "
            "--environment, or add an environment.yml or a requirements.txt.",
        )
    locked = locked_of(services, manifest, address, policy)
    if locked is not None and (locked.here is not None or not manifest.specification):
        return locked
    built = built_of(services, manifest, address.name)
    if built.reference is not None:
        return built
    if locked is not None and (locked.job is not None or built.target is None):
        return replace(locked, target=built.target)
    try:
        policy.require_channels(manifest.channels)
    except RepositoryRefused as error:
        return Choice(Origin.NONE, str(error))
    if built.target is None and folder is not None:
        return venv_of(manifest, folder, policy, built.message) or built
    return built


def copy_here(services: Services, reference: Reference, server: str | None = None) -> StoredCopy | None:
    """Return the copy of a build, or of an environment's newest one, that is on this machine.

    `server` is the one that it came from; without, a copy of any server does.
    """
    copies = [
        copy
        for copy in services.store.list()
        if reference.names(copy)
        and reference.build_id in (None, copy.build_id)
        and (server is None or copy.server.rstrip("/") == server.rstrip("/"))
    ]
    return max(copies, key=lambda copy: copy.build_id, default=None)


def _defaults(opened: Opened) -> list[str]:
    """Return where a `.conda-store.yml` may lie, the nearest place first."""
    folder = PurePosixPath(opened.folder if opened.is_notebook else opened.path)
    return [str(place / FILE) for place in (folder, *folder.parents)]


def _server(services: Services) -> str | None:
    try:
        return services.upstream.connection().identity
    except CondaStoreLabError:
        return None


def _named(services: Services, origin: Origin, reference: Reference, why: str) -> Choice:
    message = f"The environment is {reference}, {why}."
    if reference.namespace == NAMESPACE:
        return Choice(origin, message, reference, copy_here(services, reference))
    server = _server(services)
    here = copy_here(services, reference, server) if server and reference.build_id is not None else None
    if here is None:
        try:  # an environment's active build may be another one than the newest that is here: the server says
            services.upstream.client().environment(reference.namespace, reference.environment)
        except AWAY:
            here = copy_here(services, reference, server) or copy_here(services, reference)
        except NotFound:  # whoever fetches it says so
            pass
    return Choice(origin, message, reference, here)


def _of_notebook(services: Services, opened: Opened) -> Choice | None:
    """Return the build that the notebook ran on, where that can still be had."""
    record = opened.record
    if record is None:
        return None
    reference = Reference(record.namespace, record.environment, record.build_id)
    message = f"The environment is {record}, on which {opened.path} ran last."
    here = services.store.find(record)
    if here:
        return Choice(Origin.NOTEBOOK, message, reference, here)
    server = _server(services)
    if server is None or server.rstrip("/") != record.server.rstrip("/"):
        return None
    try:
        services.upstream.client().launchable(record.namespace, record.environment, record.build_id)
    except CondaStoreLabError:
        return None
    return Choice(Origin.NOTEBOOK, message, reference)


def built_of(services: Services, manifest: Manifest, repository: str) -> Choice:
    """Return the environment that was built from this manifest before, by whomever."""
    name = manifest.environment_name(repository)
    try:
        client = services.upstream.client()
        namespace = client.permissions().primary_namespace
        target = Reference(namespace, name)
        environment = client.environment(namespace, name)
    except NotFound:
        return Choice(
            Origin.NONE,
            f"No environment was built from {manifest.path} so far; it would be {target}.",
            target=target,
        )
    except AWAY as error:
        here = _copy_named(services, name)
        if here is None:
            return Choice(
                Origin.NONE, f"No environment of {manifest.path} is here, and none can be had: {error}"
            )
        reference = Reference(here.namespace, here.environment, here.build_id)
        return Choice(
            Origin.MANIFEST, f"The environment is {reference}, built from {manifest.path}.", reference, here
        )
    if environment.launchable:
        build = BuildRef(_identity(services), namespace, name, environment.current_build_id or 0)
        message = f"The environment is {target}, built from {manifest.path}."
        return Choice(Origin.MANIFEST, message, target, services.store.find(build), target)
    building = environment.running_build_id
    if building is None and environment.status is BuildStatus.COMPLETED:
        building = environment.current_build_id  # its archive is being packed
    if building is not None:
        return Choice(
            Origin.NONE,
            f"{target} is just being built from {manifest.path}.",
            target=target,
            building=building,
        )
    return Choice(Origin.NONE, f"The last build of {target} from {manifest.path} failed.", target=target)


def _identity(services: Services) -> str:
    return services.upstream.connection().identity


def _copy_named(services: Services, name: str) -> StoredCopy | None:
    """Return the newest copy of an environment by its name, which holds the manifest's digest."""
    copies = [copy for copy in services.store.list() if copy.environment == name]
    return max(copies, key=lambda copy: copy.build_id, default=None)
