"""The questions asked before a stranger's repository runs here, and before its packages are built."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from ..copies.services import Services
from ..errors import InvalidRequest, NotTrusted
from .following import follow, succeeded
from .terminal import confirm

if TYPE_CHECKING:
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

    from ..repositories.building import begin_build, plan_build

    choice, manifest = look.choice, look.manifest
    if choice.reference is not None or choice.target is None or manifest is None:
        return choice
    client = services.upstream.client()
    client.require_authenticated()
    target, build_id = choice.target, choice.building
    if build_id is None:
        plan = plan_build(manifest, client, by_pip=options.pip)
        if plan.moved and not options.json:
            print(f"from conda, not by pip: {', '.join(plan.moved)}", file=sys.stderr)
        if not options.build:
            listed = ", ".join(
                f"{channel}::{name}" if channel else name for name, channel in plan.new[:MOST_LISTED]
            )
            more = f" and {len(plan.new) - MOST_LISTED} more" if len(plan.new) > MOST_LISTED else ""
            asking = f"{choice.message} New to you are {listed or 'none of its packages'}{more}. Build it?"
            if not sys.stdin.isatty():
                raise InvalidRequest(f"{asking} Nobody can be asked here; give --build if that is meant.")
            confirm(asking, False)
        build_id = begin_build(client, plan, target, str(look.address))
    write = None if options.json else lambda text: print(text, end="", file=sys.stderr, flush=True)
    succeeded(follow(client, build_id, write=write))
    return replace(choice, reference=replace(target, build_id=build_id))
