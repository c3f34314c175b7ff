"""What is asked before a stranger's repository runs here, and before its packages are built."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING

from ..copies.services import Services
from ..errors import InvalidRequest, NotFound, NotTrusted
from .following import follow, succeeded
from .terminal import confirm

if TYPE_CHECKING:
    from ..client.client import CondaStoreClient
    from ..repositories.environment import Choice
    from ..repositories.look import Look
    from ..repositories.source import Source

MOST_LISTED = 12  # packages that are named


def require_trust(look: Look, source: Source, options: argparse.Namespace) -> None:
    """Ask once whether a stranger's code may run here; NotTrusted where nobody can say so."""
    from ..repositories.trust import TrustFile, is_own

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


def require_build(services: Services, look: Look, options: argparse.Namespace) -> Choice:
    """Return the choice with an environment, built from the manifest if somebody agrees."""
    from dataclasses import replace

    from ..repositories.trust import TrustFile
    from ..specifications.conda_names import prefer_conda

    choice, manifest = look.choice, look.manifest
    if choice.reference is not None or choice.target is None or manifest is None:
        return choice
    client = services.upstream.client()
    client.require_authenticated()
    target, build_id = choice.target, choice.building
    if build_id is None:
        text = manifest.named(target.environment)
        if not manifest.is_lockfile and not options.pip:
            text, moved = prefer_conda(text, partial(_has, client))
            if moved and not options.json:
                print(f"from conda, not by pip: {', '.join(moved)}", file=sys.stderr)
        packages = replace(manifest, specification=text).packages
        trust = TrustFile()
        new = trust.read().new_packages(packages)
        if not options.build:
            listed = ", ".join(
                f"{channel}::{name}" if channel else name for channel, name in new[:MOST_LISTED]
            )
            more = f" and {len(new) - MOST_LISTED} more" if len(new) > MOST_LISTED else ""
            asking = f"{choice.message} New to you are {listed or 'none of its packages'}{more}. Build it?"
            if not sys.stdin.isatty():
                raise InvalidRequest(f"{asking} Nobody can be asked here; give --build if that is meant.")
            confirm(asking, False)
        trust.add(packages=packages)
        build_id = client.create_build(
            target.namespace,
            text,
            is_lockfile=manifest.is_lockfile,
            environment=target.environment,
            description=f"{manifest.path} of {look.address}",
        )
    write = None if options.json else lambda text: print(text, end="", file=sys.stderr, flush=True)
    succeeded(follow(client, build_id, write=write))
    return replace(choice, reference=replace(target, build_id=build_id))


def _has(client: CondaStoreClient, name: str) -> bool:
    """Whether the server's channels have a package of conda's."""
    try:
        client.package_versions(name)
    except NotFound:
        return False
    return True
