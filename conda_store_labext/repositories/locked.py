"""The environment that a repository's lockfile is by itself: its packages, without a build."""

from __future__ import annotations

from ..copies.services import Services
from ..errors import RepositoryRefused, UnsuitableLockfile
from ..models.reference import Reference
from ..pipeline.packages.addresses import Addresses
from .address import Address
from .choice import Choice, Origin
from .manifest import Manifest
from .policy import Policy
from .trust import is_own


def locked_of(services: Services, manifest: Manifest, address: Address, policy: Policy) -> Choice | None:
    """Return the environment that the packages of a lockfile are, None where the manifest is no such file."""
    lock = manifest.lock
    if lock is None:
        return None
    try:
        policy.require_channels(lock.channels)
    except RepositoryRefused as error:
        return Choice(Origin.NONE, str(error))
    settings = services.settings
    job = lock.job(
        manifest.path,
        manifest.environment_name(address.name),
        settings.root,
        # of channels that were named as allowed, whoever wrote the lockfile, those on this machine count too
        trusted=is_own(address) or bool(policy.channels),
        share=settings.link_files,
    )
    build = job.build
    here = services.store.find(build)
    try:
        if here is None:
            Addresses.of((package.url for package in lock.packages), trusted=job.trusted)
    except UnsuitableLockfile as error:
        return Choice(Origin.NONE, str(error))
    return Choice(
        Origin.LOCKFILE,
        f"The environment is made of the packages that {manifest.path} names.",
        Reference(build.namespace, build.environment, build.build_id),
        here,
        job=job,
    )
