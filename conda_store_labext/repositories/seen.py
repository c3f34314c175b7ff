"""A look at a repository, as the browser is told of it."""

from __future__ import annotations

from ..copies.services import Services
from ..errors import CondaStoreLabError
from ..models import RepositoryLook, RepositoryManifest, RepositoryPackage
from ..on_demand.choose import AWAY
from ..store.trust import TrustFile
from .address import Address
from .building import plan_build
from .choice import Choice, Venv
from .links import Link
from .look import Look
from .manifest import Manifest
from .notebooks import SUFFIX
from .source import Source
from .trust import is_own
from .venv import INDEX

MOST_NOTEBOOKS = 500  # that are offered


def as_seen(
    services: Services, look: Look, source: Source, folder: str, mark: str, *, exists: bool
) -> RepositoryLook:
    """Return what was seen; `folder` is where the files will be, `mark` stands for what was seen."""
    choice, opened, revision = look.choice, look.opened, look.revision
    state, size, message = _standing(services, choice)
    asked = source.environment
    link = Link(source.address.url, source.ref, opened.path or None, asked)
    notebooks = [path for path in look.files.paths() if path.endswith(SUFFIX)]
    return RepositoryLook(
        repository=str(look.address),
        ref=source.ref or "",
        path=opened.path,
        is_notebook=opened.is_notebook,
        notebooks=tuple(notebooks[:MOST_NOTEBOOKS]),
        commit=revision.commit if revision else None,
        revision=str(revision) if revision else None,
        author=look.author,
        folder="" if folder == "." else folder,
        exists=exists,
        manifest=_manifest(services, look.manifest, choice.venv) if look.manifest else None,
        warnings=look.warnings,
        environment=str(choice.reference or choice.target or "") or None,
        state=state,
        message=message,
        size=size,
        trusted=is_trusted(look.address, source.address.identity),
        seen=mark,
        query=link.query(),
    )


def is_trusted(address: Address, identity: str) -> bool:
    """Tell whether a repository's code may run here: it is the user's own, or was said yes to."""
    return is_own(address) or identity in TrustFile().read().repositories


def _manifest(services: Services, manifest: Manifest, venv: Venv | None) -> RepositoryManifest:
    if venv is not None:
        new = {(name, channel) for channel, name in TrustFile().read().new_packages(venv.packages)}
        return RepositoryManifest(
            manifest.path,
            manifest.specification,
            False,
            (INDEX,),
            tuple(RepositoryPackage(*package, package in new) for package in venv.packages),
            manifest.notes,
            (),
            manifest.passed_over,
        )
    try:
        plan = plan_build(manifest, services.upstream.client())
    except CondaStoreLabError:  # conda-store is away: what comes from where is said when it is back
        plan = plan_build(manifest, None)
    planned, new = plan.manifest, set(plan.new)
    packages = dict.fromkeys(plan.packages)
    return RepositoryManifest(
        manifest.path,
        planned.specification,
        manifest.is_lockfile,
        planned.channels,
        tuple(RepositoryPackage(name, channel, (name, channel) in new) for name, channel in packages),
        manifest.notes,
        plan.moved,
        manifest.passed_over,
    )


def _standing(services: Services, choice: Choice) -> tuple[str, int | None, str]:
    """Return how the environment stands, its size in bytes, and the sentence for that."""
    reference = choice.reference
    if choice.here is not None:
        return "here", choice.here.bytes, choice.message
    if choice.job is not None:
        sizes = [package.size for package in choice.job.packages if package.size is not None]
        whole = len(sizes) == len(choice.job.packages)
        return "locked", sum(sizes) if whole else None, choice.message
    if choice.venv is not None:
        return ("here" if choice.venv.is_here else "machine"), None, choice.message
    if reference is None:
        if choice.building is not None:
            return "building", None, choice.message
        return ("missing" if choice.target else "none"), None, choice.message
    try:
        build = services.upstream.client().launchable(
            reference.namespace, reference.environment, reference.build_id
        )
    except AWAY as error:
        return "none", None, f"{choice.message} It cannot be had now: {error}"
    except CondaStoreLabError as error:
        return "none", None, str(error)
    here = services.store.find(reference.at(services.upstream.connection().identity, build.id))
    if here is not None:
        return "here", here.bytes, choice.message
    return "built", build.size, choice.message
