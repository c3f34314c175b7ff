"""The questions asked before a stranger's repository runs here, and before its packages are built."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..copies.services import Services
from ..errors import CondaStoreLabError, InvalidRequest, NotFound, NotTrusted
from .following import follow, succeeded
from .terminal import confirm

if TYPE_CHECKING:
    from ..repositories.choice import Choice
    from ..repositories.look import Look
    from ..repositories.manifest import Manifest
    from ..repositories.source import Source

MOST_LISTED = 12  # packages that are named


def require_trust(look: Look, source: Source, options: argparse.Namespace) -> None:
    """Ask once whether a stranger's code may run here; NotTrusted where nobody can say so."""
    from ..repositories.trust import is_own
    from ..store.trust import TrustFile

    identity = source.address.identity
    file = TrustFile()
    if is_own(look.address) or identity in file.read().repositories:
        return
    if not options.trust:
        if not sys.stdin.isatty():
            raise NotTrusted(
                f"Opening {look.address} runs what is in it; look at it with --look, then give --trust if "
                "you trust whoever wrote it."
            )
        confirm(f"Opening {look.address} runs what is in it. Do you trust whoever wrote it?", False)
    file.add(repository=identity)


def require_environment(services: Services, look: Look, options: argparse.Namespace) -> Choice:
    """Return the choice with an environment, made of a lockfile's packages or built if somebody agrees.

    Raises NotFound where there is none, InvalidRequest or NotTrusted where nobody can be asked.
    """
    from dataclasses import replace

    choice, manifest = look.choice, look.manifest
    if choice.reference is None and choice.target is None and choice.venv is None:
        raise NotFound(choice.message)
    if manifest is None or choice.here is not None:
        return choice
    if choice.venv is not None:
        if not choice.venv.is_here:
            _require_packages(look, choice.venv.packages, options)
        return choice
    if choice.job is not None:
        if not (options.build and choice.target):
            _require_packages(look, manifest.packages, options)
            return choice
        choice = replace(choice, reference=None, job=None)
    if choice.reference is not None:
        return choice
    assert choice.target is not None
    build_id = build_of_manifest(
        services,
        choice,
        manifest,
        str(look.address),
        yes=options.build,
        quiet=options.json,
        by_pip=options.pip,
    )
    return replace(choice, reference=replace(choice.target, build_id=build_id))


def build_of_manifest(
    services: Services,
    choice: Choice,
    manifest: Manifest,
    where: str,
    *,
    yes: bool,
    quiet: bool,
    by_pip: bool = False,
    option: str = "--build",
) -> int:
    """Have a manifest built once somebody agrees, unless it is being built, and return the build's number.

    `where` says in the build's description where the manifest is from; `yes` was said by `option`.
    """
    from ..repositories.building import begin_build, plan_build

    client = services.upstream.client()
    client.require_authenticated()
    target, build_id = choice.target, choice.building
    assert target is not None
    if build_id is None:
        plan = plan_build(manifest, client, by_pip=by_pip)
        if plan.moved and not quiet:
            print(f"from conda, not by pip: {', '.join(plan.moved)}", file=sys.stderr)
        if not yes:
            asking = f"{choice.message} {new_to_you(plan.new)} Build it?"
            if not sys.stdin.isatty():
                raise InvalidRequest(f"{asking} There is no terminal to ask on; give {option} to confirm.")
            confirm(asking, False)
        build_id = begin_build(client, plan, target, where)
    write = None if quiet else lambda text: print(text, end="", file=sys.stderr, flush=True)
    succeeded(follow(client, build_id, write=write))
    return build_id


def new_packages(services: Services, look: Look) -> tuple[tuple[str, str], ...]:
    """Return the packages, each with its channel, that a manifest would bring and nobody said yes to."""
    from ..repositories.building import plan_build
    from ..store.trust import TrustFile

    if look.manifest is None:
        return ()
    if look.choice.venv is not None:
        listed = TrustFile().read().new_packages(look.choice.venv.packages)
        return tuple((name, channel) for channel, name in listed)
    try:
        return plan_build(look.manifest, services.upstream.client()).new
    except CondaStoreLabError:  # conda-store is away, which knows what comes from conda
        return plan_build(look.manifest, None).new


def new_to_you(packages: Sequence[tuple[str, str]]) -> str:
    """Return the sentence on packages, each with its channel, that the user never said yes to."""
    listed = ", ".join(f"{channel}::{name}" if channel else name for name, channel in packages[:MOST_LISTED])
    more = f" and {len(packages) - MOST_LISTED} more" if len(packages) > MOST_LISTED else ""
    return f"New to you are {listed or 'none of its packages'}{more}."


def _require_packages(look: Look, packages: Sequence[tuple[str, str]], options: argparse.Namespace) -> None:
    """Ask about packages of a stranger's file that are new to the user; NotTrusted where nobody can."""
    from ..repositories.trust import is_own
    from ..store.trust import TrustFile

    file = TrustFile()
    new = [(name, channel) for channel, name in file.read().new_packages(packages)]
    if new and not options.trust and not is_own(look.address):
        asking = f"{look.choice.message} {new_to_you(new)}"
        if not sys.stdin.isatty():
            raise NotTrusted(
                f"{asking} There is no terminal to ask on; give --trust if you trust whoever chose them."
            )
        confirm(f"{asking} Download them?", False)
    file.add(packages=packages)
