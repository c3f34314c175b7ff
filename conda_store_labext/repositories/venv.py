"""The virtual environment in a repository's folder, where no conda-store can build its manifest."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..copies.services import Services
from ..errors import Conflict, RepositoryRefused
from ..machine.finder import PROJECT_FILES
from ..machine.installers import find_uv
from ..machine.prefixes import inspect
from ..machine.tracked import repository_of
from ..models import CreateRequest, Kernel, ProvidedEnvironment
from ..models.providers import Check, Report
from ..store.files import read_small, replaced
from ..store.processes import started_from
from .choice import Choice, Origin, Venv
from .manifest import Manifest
from .policy import Policy

NAMES = (".venv", "venv", "env")
MARK = "conda-store-manifest"  # in an environment of ours: the digest of what it was made of
OF_UV = ("uv.lock", "pylock.toml")  # that uv alone reads
INDEX = "pypi"  # the channel of what pip and uv install
KERNEL = "ipykernel"


@dataclass(frozen=True)
class MadeVenv:
    """An environment that is there, with its kernels; `message` says what is otherwise than asked for."""

    environment: ProvidedEnvironment
    kernels: tuple[Kernel, ...]
    message: str | None = None


def venv_of(manifest: Manifest, folder: Path, policy: Policy, why: str) -> Choice | None:
    """Return the environment of a manifest in the repository's folder; None where no tool makes it of that.

    `why` is the sentence on why conda-store does not.
    """
    if manifest.lock is not None or PurePosixPath(manifest.path).name not in PROJECT_FILES:
        return None
    try:
        policy.require_channels((INDEX,))
    except RepositoryRefused as error:
        return Choice(Origin.NONE, str(error))
    place, is_there = _place(folder)
    packages = dict.fromkeys(
        (name, INDEX) for name, channel in (*manifest.packages, (KERNEL, INDEX)) if channel == INDEX
    )
    made_of = _mark(place) if is_there else None
    if is_there and made_of in (None, manifest.digest):
        message = f"The environment is {place}, which lies in the repository's folder."
        venv = Venv(manifest.path, manifest.digest, tuple(packages), is_here=True)
        return Choice(Origin.MACHINE, message, venv=venv)
    if PurePosixPath(manifest.path).name in OF_UV and not find_uv():
        return Choice(
            Origin.NONE, f"{why} With uv installed, one can be made of {manifest.path} on this machine."
        )
    again = "anew, as the file has changed, " if is_there else ""
    return Choice(
        Origin.MACHINE,
        f"The environment is made of {manifest.path} on this machine, {again}in {place}. {why}",
        venv=Venv(manifest.path, manifest.digest, tuple(packages)),
    )


def make_venv(services: Services, folder: Path, venv: Venv, report: Report, check: Check) -> MadeVenv:
    """Have the environment in the folder of the files, which are there by now, and its kernels.

    One that somebody else made there is used as it is. Raises what `MachineProvider.create` and `register`
    raise.
    """
    provider = services.machine
    place, is_there = _place(folder)
    outdated = is_there and _mark(place) not in (None, venv.digest)
    message = None
    if outdated and any(started_from(place)):
        message = (
            f"{place} has the packages of an earlier {venv.file}, because programs run from it; shut them "
            "down, then open the repository again."
        )
    elif outdated or not is_there:
        request = CreateRequest(str(folder), place.name, venv.file)
        provider.create(request, report, check, replaces=outdated, groups=False)
        with replaced(place / MARK) as file:
            file.write(venv.digest.encode())
    environment = provider.finder.at(place, folder)
    kernels = provider.register(environment.key)
    return MadeVenv(provider.environment(environment.key), kernels, message)


def _place(folder: Path) -> tuple[Path, bool]:
    """Return where the environment lies or is to lie, and whether one is there.

    What came with the repository, or is no environment, is left alone.
    """
    for name in NAMES:
        place = folder / name
        if not os.path.lexists(place):
            return place, False
        if not place.is_symlink() and repository_of(place) is None and inspect(place) is not None:
            return place, True
    raise Conflict(
        f"{', '.join(NAMES)} in {folder} are taken by what is no environment of yours; rename one of them."
    )


def _mark(place: Path) -> str | None:
    """Return the digest that an environment was made for; None for one that was not made here."""
    try:
        return read_small(place / MARK, 1000).decode()
    except (OSError, ValueError):
        return None
