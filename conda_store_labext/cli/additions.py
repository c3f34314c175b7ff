"""`jupyter conda-store additions`: what notebooks installed beside environments, and what becomes of it."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ..copies.services import Services
from ..errors import InvalidRequest, NotFound
from ..models.reference import Reference
from . import notebook_additions, services
from .command import REFERENCE, Commands
from .services import configured_services
from .terminal import complain, confirm, print_json, print_table

if TYPE_CHECKING:
    from ..models import AdditionList


def add_commands(commands: Commands) -> None:
    """Add the commands to a parser's."""
    group = commands.group("additions", "Packages that notebooks installed beside an environment.")
    sub = group.add("list", list_, "List what was added to environments, since when, and what came along.")
    sub.add_argument("reference", nargs="?", metavar=REFERENCE, help="by default every one")

    sub = group.add(
        "promote", promote, "Build an environment with what was added to it, then discard the additions."
    )
    sub.add_argument("reference", metavar=REFERENCE)
    sub.add_argument("--dry-run", action="store_true", help="only print the specification")
    sub.add_argument("--yes", action="store_true", help="do not ask")
    sub.add_argument("--no-wait", action="store_true", help="do not wait for the build; discard nothing")

    sub = group.add("keep", keep, "Keep what was added when the environment's copy is pruned.")
    sub.add_argument("reference", metavar=REFERENCE)
    sub.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="PROJECT")
    sub.add_argument("--no-longer", action="store_true", help="let it be pruned with the copy again")

    notebook_additions.add_commands(group)

    sub = group.add("discard", discard, "Discard what was added to an environment.")
    sub.add_argument("reference", metavar=REFERENCE)
    sub.add_argument("--yes", action="store_true", help="do not ask")


def list_(options: argparse.Namespace) -> int:
    """List additions; asks no server and runs nothing."""
    lists = configured_services().additions.list()
    if options.reference:
        reference = Reference.parse(options.reference)
        lists = tuple(listing for listing in lists if reference.covers(listing))
    if options.json:
        print_json([asdict(listing) for listing in lists])
        return 0
    rows = [
        [
            *(str(listing.ref), addition.name, addition.version, addition.since),
            "asked for" if addition.requested else "came along",
            f"hides {addition.hides}" if addition.hides else "",
        ]
        for listing in lists
        for addition in listing.additions
    ]
    print_table(["ENVIRONMENT", "PACKAGE", "VERSION", "SINCE (UTC)", "WHY", ""], rows)
    return 0


def promote(options: argparse.Namespace) -> int:
    """Show what would change, ask, build, and discard what is in the environment then."""
    from ..copies.promotion import promotion
    from .following import follow, succeeded

    own = configured_services()
    listing = _chosen(own, options.reference)
    client = services.client()
    made = promotion(listing, client)
    if made.left_out:
        complain(f"{', '.join(made.left_out)}: installed from files of this machine, so it is left out.")
    if options.dry_run:
        print_json(asdict(made)) if options.json else print(made.specification, end="")
        return 0
    lines = [*made.conda, *(f"{line} (pip)" for line in made.pip)]
    if not lines:
        raise InvalidRequest("Nothing is left that conda-store could install; see above.")
    print(*lines, sep="\n", file=sys.stderr)
    confirm(f"Build {listing.namespace}/{listing.environment} with these?", options.yes)
    build_id = client.create_build(listing.namespace, made.specification, environment=listing.environment)
    if not options.no_wait:
        succeeded(follow(client, build_id))
        own.additions.discard(listing.key)
    if options.json:
        print_json({"build_id": build_id, **asdict(made)})
    elif options.no_wait:
        print(f"build {build_id} has begun; `jupyter conda-store build watch {build_id}` follows it")
    else:
        print(f"{listing.namespace}/{listing.environment} is on build {build_id}, with what was added")
    return 0


def keep(options: argparse.Namespace) -> int:
    """Keep additions for a project, or no longer."""
    own = configured_services()
    listing = _chosen(own, options.reference)
    folder = None if options.no_longer else options.folder.absolute()
    kept = own.additions.keep(listing.key, folder)
    if options.json:
        print_json(asdict(kept))
    else:
        print(f"what was added to {listing.ref} is kept {f'for {folder}' if folder else 'no longer'}")
    return 0


def discard(options: argparse.Namespace) -> int:
    """Discard additions once somebody has agreed."""
    own = configured_services()
    listing = _chosen(own, options.reference)
    names = [addition.name for addition in listing.additions]
    confirm(f"Discard {', '.join(names)}, which was added to {listing.ref}?", options.yes)
    own.additions.discard(listing.key)
    if options.json:
        print_json(asdict(listing))
    else:
        print(f"discarded {', '.join(names)} of {listing.ref}")
    return 0


def _chosen(own: Services, text: str) -> AdditionList:
    """Return what was added to a build, of several the newest; NotFound where nothing was."""
    reference = Reference.parse(text)
    listings = [listing for listing in own.additions.list() if reference.covers(listing)]
    if not listings:
        raise NotFound(
            f"Nothing was added to {reference}; `jupyter conda-store additions list` shows what was."
        )
    return max(listings, key=lambda listing: listing.build_id)
